using Tare.OciCli.CommandLine;
using Tare.OciCli.Info;

namespace Tare.OciCli.Verbs;

/// <summary><c>info</c>: what this machine has for containers.</summary>
internal static class InfoCommand
{
    public static int Run(Arguments arguments)
    {
        MachineInfo info = MachineInfo.Read();
        if (arguments.Has("json"))
        {
            Output.Write(InfoJson.Format(info));
        }
        else
        {
            Output.Write(InfoText.Format(info));
        }

        return 0;
    }
}
