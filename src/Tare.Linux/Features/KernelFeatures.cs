namespace Tare.Linux;

/// <summary>
/// What the running kernel offers to this user. Nothing is told from a version: a call is tried with arguments with which
/// it cannot do anything, and the errno says whether it was understood. Each feature is probed when it is asked for the
/// first time (some microseconds), and remembered.
/// </summary>
public static class KernelFeatures
{
    private static StateBox?[]? _known;

    /// <summary>Every feature, in the order of <see cref="KernelFeature"/>.</summary>
    public static IReadOnlyList<KernelFeature> All => Enum.GetValues<KernelFeature>();

    /// <summary>The feature is to be had.</summary>
    public static bool Has(KernelFeature feature) => Get(feature).Present;

    /// <summary>Whether the feature is to be had, and if not, why and what helps.</summary>
    public static FeatureState Get(KernelFeature feature)
    {
        StateBox?[] known = Volatile.Read(ref _known) ?? Allocate();
        StateBox? box = Volatile.Read(ref known[(int)feature]);
        if (box is null)
        {
            box = new(FeatureProbes.Probe(feature));
            Volatile.Write(ref known[(int)feature], box);
        }

        return box.State;
    }

    private static StateBox?[] Allocate()
    {
        StateBox?[] fresh = new StateBox?[(int)KernelFeature.CgroupPressure + 1];
        return Interlocked.CompareExchange(ref _known, fresh, null) ?? fresh;
    }

    /// <summary>A state behind a reference, so that it is there as a whole or not at all.</summary>
    private sealed class StateBox(FeatureState state)
    {
        public FeatureState State { get; } = state;
    }
}
