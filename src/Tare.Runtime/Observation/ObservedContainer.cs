using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Containers;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Observation;

/// <summary>What <c>state --observed</c> prints: a container's state, what really holds, and where that differs.</summary>
/// <param name="State">Where the container is in its life.</param>
/// <param name="Observed">What the kernel says of its first process.</param>
/// <param name="Differences">What is not as config.json has it.</param>
public sealed record ObservedContainer(
    StateDocument State,
    ObservedProcess Observed,
    IReadOnlyList<Difference> Differences
)
{
    /// <summary>Asks the kernel, and compares with config.json as it was when the container was created.</summary>
    /// <exception cref="ContainerException">Its first process has ended.</exception>
    public static ObservedContainer Of(Container container)
    {
        using ProcessDirectory process = ProcessDirectory.TryOpen(container.Record) ?? throw ProcessObserver.Ended();
        StateDocument state = container.ReadState();
        ValidatedSpec spec = container.ReadSpec();
        using ContainerCgroup cgroup = container.OpenCgroup();
        ObservedProcess observed = new ProcessObserver(process, container.Record.ProcessId).Read() with
        {
            Cgroups = CgroupObserver.Read(cgroup, spec.Resources),
        };
        List<Difference> differences = [];
        List<string> unobserved = [.. observed.Unobserved];
        NamespaceComparison.Compare(spec, observed, differences);

        // Who is and may do what is settled by what the container still does when it is started.
        if (state.Status != ContainerStatus.Created)
        {
            ProcessComparison.Compare(spec, observed, differences);
        }

        LimitComparison.Compare(spec.Process, observed, differences);
        using (MountLookup lookup = new(process.Directory, observed.Mounts))
        {
            MountComparison.Compare(spec, observed, lookup, differences, unobserved);
        }

        CgroupComparison.Compare(container, cgroup, spec.Resources, differences);
        return process.HasEnded
            ? throw ProcessObserver.Ended()
            : new ObservedContainer(state, observed with { Unobserved = unobserved }, differences);
    }
}
