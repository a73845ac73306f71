using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Verbs;

internal static class ExecCommand
{
    public static int Run(Arguments arguments, Settings settings) => throw new UsageException("exec");
}
