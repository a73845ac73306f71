using Tare.Launch;
using Tare.Oci;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning;

/// <summary>Specifications to plan, made from what `spec` writes.</summary>
internal static class Specs
{
    /// <summary>What `spec` writes on a machine with cgroup v2, without a terminal.</summary>
    public static RuntimeSpec Default { get; } = WithoutTerminal(DefaultSpec.Create(unifiedCgroups: true));

    /// <summary>What `spec --rootless` writes, without a terminal.</summary>
    public static RuntimeSpec Rootless { get; } =
        WithoutTerminal(DefaultSpec.CreateRootless(unifiedCgroups: true, uid: 1000, gid: 1000));

    /// <summary>What a launch is made of beside the specification.</summary>
    public static LaunchContext Context { get; } =
        new()
        {
            Root = new DirectoryRoot("/srv/web/rootfs"),
            CgroupView = new CgroupView.Unified("/sys/fs/cgroup/web"),
        };

    /// <summary>Another program.</summary>
    public static RuntimeSpec Process(this RuntimeSpec spec, Func<ProcessSpec, ProcessSpec> edit) =>
        spec with
        {
            Process = edit(spec.Process!),
        };

    /// <summary>Another Linux part.</summary>
    public static RuntimeSpec Linux(this RuntimeSpec spec, Func<LinuxSpec, LinuxSpec> edit) =>
        spec with
        {
            Linux = edit(spec.Linux!),
        };

    /// <summary>One more mount.</summary>
    public static RuntimeSpec Mount(
        this RuntimeSpec spec,
        string destination,
        string type,
        string source,
        params string[] options
    ) =>
        spec with
        {
            Mounts =
            [
                .. spec.Mounts,
                new MountSpec
                {
                    Destination = destination,
                    Type = type,
                    Source = source,
                    Options = options,
                },
            ],
        };

    /// <summary>Checks a specification; its root is given otherwise.</summary>
    public static ValidatedSpec Validate(RuntimeSpec spec) =>
        SpecValidator.Validate(
            spec,
            new ValidationContext("/srv/web") { RootGiven = true, ConsoleSocket = Terminal(spec) }
        );

    /// <summary>Checks and plans a specification.</summary>
    public static PlannedLaunch Plan(RuntimeSpec spec, LaunchContext? context = null) =>
        ContainerPlanner.Plan(Validate(spec), context ?? Context);

    /// <summary>The steps of a plan.</summary>
    public static LaunchPlan Steps(RuntimeSpec spec, LaunchContext? context = null) => Plan(spec, context).Plan;

    private static bool Terminal(RuntimeSpec spec) => spec.Process?.Terminal ?? false;

    private static RuntimeSpec WithoutTerminal(RuntimeSpec spec) =>
        spec.Process(process => process with { Terminal = false });
}
