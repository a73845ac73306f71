using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Containers;
using Tare.Runtime.Hooks;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.CopyUp;

/// <summary>
/// The launcher's side of <see cref="CopyUpSteps"/>: it takes the directories that the child sends and copies while the
/// child waits. If it dies the child does, and with the child the tmpfs, which nobody else can see.
/// </summary>
internal sealed class CopyUps : IDisposable
{
    private readonly ImmutableArray<PlannedCopyUp> planned;
    private readonly bool inUserNamespace;
    private readonly long limit;
    private readonly SocketPair sockets;

    /// <summary>Makes the connection.</summary>
    /// <param name="planned">What there is to copy.</param>
    /// <param name="spec">
    /// The container: what it may not have in memory is not copied into it either, though the launcher's cgroup pays for
    /// the copy.
    /// </param>
    public CopyUps(ImmutableArray<PlannedCopyUp> planned, ValidatedSpec spec)
    {
        this.planned = planned;
        inUserNamespace = spec.Namespaces.Has(CloneFlags.CLONE_NEWUSER);
        limit = spec.Resources.Memory?.Limit is > 0 and var bytes ? bytes : long.MaxValue;
        sockets = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("make a socket for the launch");
    }

    /// <summary>What the child is handed.</summary>
    public SocketFd ChildsEnd => sockets.First;

    /// <summary>Copies everything, gate by gate.</summary>
    /// <exception cref="LaunchException">The child failed before.</exception>
    /// <exception cref="KernelException">Something cannot be copied.</exception>
    /// <exception cref="ContainerException">Something cannot be copied by the root of the container's user namespace.</exception>
    public void Run(PendingLaunch launch)
    {
        foreach (PlannedCopyUp copy in planned)
        {
            launch.WaitForGate(copy.Gate);
            Take(copy, launch);
            launch.OpenGate();
        }
    }

    /// <inheritdoc />
    public void Dispose() => sockets.Dispose();

    private void Take(PlannedCopyUp copy, PendingLaunch launch)
    {
        string path = copy.Destination.ToString();
        Span<byte> text = stackalloc byte[1];
        IReadOnlyList<FileFd> handed = DescriptorPassing
            .Receive(sockets.Second, text, maximum: 2)
            .OrThrow("take over", path)
            .Descriptors;
        try
        {
            if (inUserNamespace && ContainerExec.TargetOf(launch.ProcessId).Has(CloneFlags.CLONE_NEWUSER))
            {
                launch.OpenToJoining();
                RunProgram(handed[0], handed[1], copy, launch.ProcessId);
            }
            else
            {
                TreeCopy.Run(handed[0], handed[1], path, limit, copy.Root);
            }
        }
        finally
        {
            foreach (FileFd descriptor in handed)
            {
                descriptor.Dispose();
            }
        }
    }

    private void RunProgram(FileFd source, FileFd target, PlannedCopyUp copy, int processId)
    {
        string path = copy.Destination.ToString();
        using FileFd program = Files
            .OpenAt(null, "/proc/self/exe", OpenFlags.O_PATH)
            .OrThrow("open the runtime's own program");
        using PidFd container = PidFds.Open(processId).OrThrow("open the container's process");
        PlannedCopyUpProgram plan = CopyUpPlanner.Plan(
            CopyUpProgram.Arguments(source, target, path, limit, copy.Root),
            Privileges.IsRoot
        );
        using HookStreams streams = HookStreams.Open([]);
        LaunchInputs inputs = new LaunchInputs()
            .Add(plan.Program, program)
            .Add(plan.Source, source)
            .Add(plan.Target, target)
            .Add(plan.Inputs.ContainerProcess!, container);
        for (int i = 0; i < plan.Inputs.Streams.Length; i++)
        {
            inputs.Add(plan.Inputs.Streams[i], streams.Given[i]);
        }

        using LaunchedProcess process = Launcher.Launch(plan.Plan, inputs);
        streams.HandOver();
        streams.Follow(process.Process, timeout: null);
        if (PidFds.Wait(process.Process).Value?.Status is not { Success: true })
        {
            throw new ContainerException(
                streams.Errors.Length > 0
                    ? streams.Errors
                    : $"copy what lies in '{path}': the copying program was killed"
            );
        }
    }
}
