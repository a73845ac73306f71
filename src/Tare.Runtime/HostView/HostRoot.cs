using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Planning;

namespace Tare.Runtime.HostView;

/// <summary>A view of the machine's own file tree, or of one directory of it, as a container's root.</summary>
/// <param name="layout">What it is made of.</param>
/// <param name="layers">
/// The directory of the machine that the layers are made in, absolute, empty and the caller's own; null is memory, which
/// goes with the view.
/// </param>
public sealed class HostRoot(HostLayout layout, string? layers = null) : RootView
{
    /// <summary>
    /// The parts that are shown read-only if the kernel refuses their overlay, once the plan is written: the slot holds a
    /// number above 0 after a launch in which it did.
    /// </summary>
    public IReadOnlyList<(HostPart Part, Slot Shown)> Fallbacks { get; private set; } = [];

    /// <inheritdoc />
    public override bool CreatesFiles => true;

    /// <inheritdoc />
    protected internal override Slot Write(LaunchPlanBuilder plan)
    {
        Fallbacks = HostLayoutSteps.Add(plan, layout, layers).Fallbacks;
        Slot root = plan.NewSlot("the root file system");
        plan.CallInto(
            root,
            "open the root file system",
            Syscall.openat,
            Argument.WorkingDirectory,
            ".",
            Argument.Flags(OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC)
        );
        return root;
    }
}
