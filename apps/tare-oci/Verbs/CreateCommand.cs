using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;
using Tare.Runtime.State;

namespace Tare.OciCli.Verbs;

/// <summary><c>create</c>: everything but the program; the container waits for <c>start</c>.</summary>
internal static class CreateCommand
{
    public static int Run(Arguments arguments, Settings settings, Log log)
    {
        using ConnectedSockets sockets = new();
        CreateRequest request = CreationArguments.Read(arguments, settings, sockets) with
        {
            Detached = true,
            WaitsForStart = true,
        };
        using ContainerCreation creation = ContainerCreation.Begin(new StateStore(settings.Root), request);
        log.Warn(creation.Warnings);
        creation.Create();
        return 0;
    }
}
