using Tare.OciCli.CommandLine;
using Tare.Runtime;

namespace Tare.OciCli.Verbs;

/// <summary>Whose the terminal is: this program's in the foreground, else whoever listens on the console socket.</summary>
internal static class ConsoleRule
{
    /// <summary>Makes sure that it is not both.</summary>
    /// <exception cref="ContainerException">It is.</exception>
    public static void Check(Arguments arguments, bool detached)
    {
        if (!detached && arguments.Text("console-socket") is not null)
        {
            throw new ContainerException(
                "cannot use a console socket in the foreground (add --detach, or leave --console-socket out)"
            );
        }
    }
}
