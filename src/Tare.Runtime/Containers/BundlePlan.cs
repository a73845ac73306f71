using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>The plan of a bundle's container: the same for whoever creates it and for whoever explains it.</summary>
public static class BundlePlan
{
    /// <summary>Plans. The root file system's passwd(5) and symlinks to be copied are looked at; nothing is made.</summary>
    /// <param name="spec">The bundle's configuration.</param>
    /// <param name="cgroup">The cgroups, made or not; null for none.</param>
    /// <param name="request">How the container is created.</param>
    /// <param name="filter">The filter of its profile on system calls, if it has been compiled before.</param>
    /// <param name="rootPlace">See <see cref="RootView.Place"/>.</param>
    /// <exception cref="SpecException">The specification asks for what the request rules out.</exception>
    public static PlannedLaunch Of(
        ValidatedSpec spec,
        ContainerCgroup? cgroup,
        CreateRequest request,
        SocketFilter[]? filter = null,
        string? rootPlace = null
    )
    {
        bool isMachineRoot = Privileges.IsMachineRoot();
        return ContainerPlanner.Plan(
            spec,
            new LaunchContext
            {
                Root = new DirectoryRoot(spec.Root.Path, rootPlace),
                Cgroup =
                    cgroup is null ? CgroupEntry.None
                    : cgroup.Unit is not null ? CgroupEntry.Moved
                    : CgroupPlanning.EntryOf(cgroup),
                CgroupView = cgroup is null ? null : CgroupPlanning.ViewOf(cgroup),
                ResctrlGroups = ResctrlGroups(spec.IntelRdt, request.Id.Text),
                GateBeforeProgram = HasGate(spec, cgroup, request),
                WaitsForStart = WaitsForStart(spec, request),
                ReportsFailure = request.WaitsForStart,
                TerminalSettings = request.TerminalSettings,
                PreservedDescriptors = request.PreservedDescriptors,
                NoPivot = request.NoPivot,
                Keyring = request.KeepsKeyring ? null : $"_ses.{request.Id}",
                SetgroupsDenied =
                    MapsOf(spec) is { DeniesSetgroups: true } || (!isMachineRoot && Privileges.AreGroupsFixed("self")),
                Privileged = Privileges.IsRoot,
                InUserNamespace = Privileges.IsRoot && !isMachineRoot,
                IgnoredSignals = Signals.GetIgnored(),
                HasAttributeCalls = HasLabels(spec.Process) && SecurityModules.HasAttributeCalls,
                HasMark = true,
                PresentLimits =
                    JoinsUserNamespace(spec) || WaitsForStart(spec, request) ? PresentLimits.Of(spec.Process) : [],
                CopiedSymlinks = SourceSymlinks.Of(spec),
                DefaultEnvironment = DefaultEnvironment(spec, request),
                Filter = ImmutableCollectionsMarshal.AsImmutableArray(filter ?? []),
            }
        );
    }

    /// <summary>
    /// Whether the container waits until its process is on record. Where nobody asked to be told of the process before its
    /// program runs, it need not: whatever becomes of the launcher, all processes are found by their cgroup.
    /// </summary>
    private static bool HasGate(ValidatedSpec spec, ContainerCgroup? cgroup, CreateRequest request) =>
        cgroup is null
        || WaitsForStart(spec, request)
        || request.PidFile is not null
        || request.PidFdSocket is not null;

    /// <summary>
    /// Whether the container waits in its sealed image, where other programs can be added to it: for <c>start</c>, or for the
    /// hooks that run in it.
    /// </summary>
    private static bool WaitsForStart(ValidatedSpec spec, CreateRequest request) =>
        request.WaitsForStart || spec.Hooks.Has(HookKind.StartContainer);

    /// <summary>The maps of the container's user namespace; null where it makes none.</summary>
    public static UserNamespaceMaps? MapsOf(ValidatedSpec spec) =>
        spec.Namespaces.Makes(CloneFlags.CLONE_NEWUSER)
            ? new UserNamespaceMaps(spec.UidMappings, spec.GidMappings, Privileges.IsRoot)
            : null;

    private static ImmutableArray<string> ResctrlGroups(IntelRdtSpec? rdt, string id) =>
        rdt is null ? []
        : rdt.EnableMonitoring ? [rdt.ClosId ?? id, $"mon_groups/{id}"]
        : [rdt.ClosId ?? id];

    private static bool HasLabels(ValidatedProcess process) =>
        process.AppArmorProfile is not null || process.SelinuxLabel is not null;

    private static bool JoinsUserNamespace(ValidatedSpec spec) => spec.Namespaces.Joins(CloneFlags.CLONE_NEWUSER);

    private static ImmutableArray<string> DefaultEnvironment(ValidatedSpec spec, CreateRequest request)
    {
        using RootDirectory? root = RootDirectory.TryOpen(spec.Root.Path);
        string home = $"HOME={root?.HomeOf(spec.Process.Uid) ?? "/"}";
        return request.ListenDescriptors == 0
            ? [home]
            : [home, $"LISTEN_FDS={request.ListenDescriptors}", "LISTEN_PID=1"];
    }
}
