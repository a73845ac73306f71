using Tare.Cli.CommandLine;
using Tare.Launch;
using Tare.Processes;
using Tare.Runtime.Cgroups;
using Tare.Runtime.HostView;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Cli.Sandbox;

/// <summary>The plan of a sandbox's launch: the same for running and for explaining. Nothing is made. Owns a descriptor.</summary>
internal sealed class SandboxPlan : IDisposable
{
    private readonly HostRoot root;

    private SandboxPlan(ValidatedSpec spec, PlannedLaunch planned, HostRoot root, HostLayout layout, string rootPath)
    {
        Layout = layout;
        Spec = spec;
        Planned = planned;
        this.root = root;
        RootPath = rootPath;
    }

    /// <summary>The sandbox as a checked configuration.</summary>
    public ValidatedSpec Spec { get; }

    /// <summary>The plan.</summary>
    public PlannedLaunch Planned { get; }

    /// <summary>The directory of this machine that the program sees as <c>/</c>.</summary>
    public string RootPath { get; }

    /// <summary>What the program sees of this machine's files.</summary>
    public HostLayout Layout { get; }

    /// <summary>What Landlock lets the program reach, without paths; null where that was not asked for. Stays this object's.</summary>
    public LandlockRuleset? Landlock { get; private init; }

    /// <summary>Where the layers of what the program writes are made; null is memory.</summary>
    public string? LayersPath { get; private init; }

    /// <summary>Plans.</summary>
    /// <param name="options">What was asked for and can be had.</param>
    /// <param name="caller">By whom.</param>
    /// <param name="cgroup">The cgroup that the program will be in; null for this process's own.</param>
    /// <param name="keep">
    /// Given what the program will see, where the layers of what it writes are made; null is memory.
    /// </param>
    /// <exception cref="UsageException">An option asks for what cannot be.</exception>
    /// <exception cref="SpecException">A value is not what it must be.</exception>
    public static SandboxPlan Make(
        RunOptions options,
        Caller caller,
        ContainerCgroup? cgroup,
        Func<HostLayout, string>? keep = null
    )
    {
        string directory = SandboxSpec.DirectoryOf(options, caller);
        ValidatedSpec spec = SandboxSpec.Make(options, caller, directory, cgroup is not null);
        LandlockPolicy? policy = SandboxLandlock.Read(options);
        LandlockRuleset? ruleset = policy is null ? null : (policy with { Paths = [] }).ToRuleset();
        HostLayout layout = SandboxView.Of(options, caller, directory);
        string? layers = keep?.Invoke(layout);
        HostRoot view = new(layout, layers);
        PlannedLaunch planned = ContainerPlanner.Plan(
            spec,
            new LaunchContext
            {
                Root = view,
                Cgroup = cgroup is null ? CgroupEntry.None : CgroupPlanning.EntryOf(cgroup),
                CgroupView = cgroup is null ? null : CgroupPlanning.ViewOf(cgroup),
                DieWithLauncher = true,
                Landlock = policy is null ? null : SandboxLandlock.EntryOf(policy, ruleset!),
                HasInit = true,
                TerminalSettings = caller.TerminalSettings,
                SetgroupsDenied = !caller.IsPrivileged,
                WritesOwnMaps = !caller.IsPrivileged,
                Privileged = caller.IsPrivileged,
            }
        );
        string path = options.Rootfs is { } rootfs ? HostTree.Absolute(rootfs, caller.WorkingDirectory) : "/";
        return new SandboxPlan(spec, planned, view, layout, path) { Landlock = ruleset, LayersPath = layers };
    }

    /// <inheritdoc />
    public void Dispose() => Landlock?.Dispose();

    /// <summary>The directories that are read-only in a sandbox that runs, although they should be copy-on-write.</summary>
    public IEnumerable<string> ShownReadOnly(LaunchedProcess process) =>
        root.Fallbacks.Where(fallback => process[fallback.Shown] > 0).Select(fallback => fallback.Part.Path);
}
