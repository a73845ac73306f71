using Tare.Fixtures;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Containers;
using Tare.Runtime.Planning;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Launched;

/// <summary>A container on a busybox root file system, launched from its plan by this very process; it goes with the test.</summary>
internal sealed class LaunchedContainer : IDisposable
{
    private const CloneFlags Kinds =
        CloneFlags.CLONE_NEWUSER
        | CloneFlags.CLONE_NEWNS
        | CloneFlags.CLONE_NEWPID
        | CloneFlags.CLONE_NEWUTS
        | CloneFlags.CLONE_NEWIPC
        | CloneFlags.CLONE_NEWNET
        | CloneFlags.CLONE_NEWCGROUP;

    private readonly TemporaryDirectory _folder = new();
    private readonly LaunchedProcess _process;
    private readonly string _rootfs;

    public LaunchedContainer(Func<RuntimeSpec, RuntimeSpec>? edit = null, bool withInit = false)
    {
        Require.Root();
        _rootfs = BusyboxRootfs.Create(_folder.At("rootfs"));
        RuntimeSpec spec = Specs
            .Default.Process(process => process with { Args = ["/bin/sleep", "1000"] })
            .Linux(linux => linux with { Resources = null });
        spec = spec with { Root = spec.Root! with { Readonly = false } };
        ValidatedSpec valid = Specs.Validate(edit is null ? spec : edit(spec));
        LaunchContext context = new()
        {
            Root = new DirectoryRoot(_rootfs),
            DieWithLauncher = true,
            HasInit = withInit,
        };
        using PendingLaunch launch = ContainerLaunch.Begin(
            ContainerPlanner.Plan(valid, context),
            new LaunchHandles(),
            new UserNamespaceMaps(valid.UidMappings, valid.GidMappings, Privileged: true)
        );
        _process = launch.Complete();
        Target = new ExecTarget(Different());
    }

    /// <summary>What exec's plan depends on.</summary>
    public ExecTarget Target { get; }

    /// <summary>Its first process.</summary>
    public PidFd Process => _process.Process;

    /// <summary>The number of its first process.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>Adds a shell to the container, which writes to the file /out; gives its exit code and what it wrote.</summary>
    public (int? Code, string Output) Shell(string script, Func<ProcessSpec, ProcessSpec>? edit = null)
    {
        string output = Path.Combine(_rootfs, "out");
        File.WriteAllText(output, "");
        File.SetUnixFileMode(output, (UnixFileMode)0x1B6);
        using LaunchedProcess process = Add($"exec >/out 2>&1; {script}", edit);
        return (PidFds.Wait(process.Process).Value!.Value.Status.ExitCode, File.ReadAllText(output));
    }

    /// <summary>Adds a shell to the container.</summary>
    public LaunchedProcess Add(string script, Func<ProcessSpec, ProcessSpec>? edit = null, SocketFd? console = null)
    {
        ProcessSpec spec = new()
        {
            Cwd = "/",
            Args = ["/bin/sh", "-c", script],
            Env = ["PATH=/bin"],
        };
        PlannedLaunch planned = ExecPlanner.Plan(
            ProcessValidator.Validate(edit is null ? spec : edit(spec), "process"),
            Target,
            new LaunchContext { Root = RootView.Joined }
        );
        LaunchHandles handles = new() { ContainerProcess = Process, ConsoleSocket = console };
        using PendingLaunch launch = ContainerLaunch.Begin(planned, handles);
        return launch.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        _folder.Dispose();
    }

    private CloneFlags Different()
    {
        CloneFlags different = CloneFlags.None;
        foreach (CloneFlags kind in Enum.GetValues<CloneFlags>().Where(kind => (kind & Kinds) != 0))
        {
            using NamespaceFd theirs = Namespaces.Open(Process, ProcessId, kind).OrThrow("open a namespace");
            using NamespaceFd own = Namespaces.OpenOwn(kind).OrThrow("open a namespace");
            if (Namespaces.IdentityOf(theirs).Value != Namespaces.IdentityOf(own).Value)
            {
                different |= kind;
            }
        }

        return different;
    }
}
