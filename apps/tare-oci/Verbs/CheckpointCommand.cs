using System.Globalization;
using Tare.OciCli.CommandLine;
using Tare.Runtime;
using Tare.Runtime.Checkpoints;
using Tare.Runtime.Containers;

namespace Tare.OciCli.Verbs;

/// <summary><c>checkpoint</c>: saves a container's processes, to be restored later or elsewhere.</summary>
internal static class CheckpointCommand
{
    public static int Run(Arguments arguments, Settings settings, Log log)
    {
        CheckpointRequest request = new(CriuArguments.Read(arguments))
        {
            LeavesRunning = arguments.Has("leave-running"),
            IsPreDump = arguments.Has("pre-dump"),
            ParentPath = arguments.Text("parent-path") is { Length: > 0 } parent ? parent : null,
            PageServer = CriuArguments.PageServer(arguments.Text("page-server")),
            StatusDescriptor = StatusDescriptor(arguments.Text("status-fd")),
        };
        RequireRoot("checkpoint");
        using Container container = ContainerCommands.Open(arguments, settings);
        log.Report(container.Checkpoint(request));
        return 0;
    }

    /// <summary>Makes sure that CRIU can do what it is for.</summary>
    /// <exception cref="ContainerException">This user may not.</exception>
    internal static void RequireRoot(string verb)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new ContainerException($"{verb}: EPERM (criu needs root: run tare-oci as root)");
        }
    }

    // -1 is what callers say who have none.
    private static int? StatusDescriptor(string? text) =>
        text is null or "-1" ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw new UsageException($"invalid value \"{text}\" for --status-fd (use a descriptor's number)");
}
