using System.Runtime.CompilerServices;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>
/// The plan of what was started last by the same <see cref="SandboxOptions"/>, kept as long as they are: the next start that
/// differs in its descriptors alone neither plans nor assembles. Thread-safe.
/// </summary>
internal sealed class SandboxPlans
{
    private static readonly ConditionalWeakTable<SandboxOptions, SandboxPlans> Kept = [];

    private readonly Lock gate = new();
    private ProcessStartOptions? last;
    private (uint User, uint Group) lastOwner;
    private StartPlan? plan;

    /// <summary>Prepares a start by a plan of before, if one was kept.</summary>
    /// <param name="start">What the options came to this time.</param>
    /// <param name="options">The options.</param>
    public static PreparedStart Prepare(ProcessStartOptions start, SandboxOptions options) =>
        // Without a view each has a directory of its own, which its environment names.
        start.View
            is null
            ? PreparedStart.Once(start)
            : Kept.GetOrCreateValue(options).Prepare(start);

    private PreparedStart Prepare(ProcessStartOptions start)
    {
        // Who maps itself into a user namespace is in the plan.
        (uint User, uint Group) owner = (Credentials.GetEffectiveUid(), Credentials.GetEffectiveGid());
        lock (gate)
        {
            if (last is null || owner != lastOwner || !IsLike(last, start))
            {
                // Kept from the second on: options are often made for a single start, and memory would be kept for nobody.
                (last, lastOwner) = (start, owner);
                plan = null;
                return PreparedStart.Once(start);
            }

            plan ??= StartPlanner.Plan(start, suspends: false, repeats: true);
            plan = plan.With(Descriptors(last).Zip(Descriptors(start)));
            last = start;
            return PreparedStart.By(plan, start);
        }
    }

    // Of the same options: what else a plan says depends on them alone.
    private static bool IsLike(ProcessStartOptions start, ProcessStartOptions other) =>
        start.FileName == other.FileName
        && start.Arguments.SequenceEqual(other.Arguments)
        && start.View!.NewNetwork == other.View!.NewNetwork
        && start.View.Links.SequenceEqual(other.View.Links)
        && start.View.Places.Select(Shape).SequenceEqual(other.View.Places.Select(Shape))
        && start.ControlGroup?.UnifiedDirectory is null == other.ControlGroup?.UnifiedDirectory is null
        && start.ControlGroup?.Entrances.Count == other.ControlGroup?.Entrances.Count
        && start.Landlock?.HandledFiles == other.Landlock?.HandledFiles
        && start.Landlock?.Flags == other.Landlock?.Flags
        && start.DefaultSignals == other.DefaultSignals
        && start.Credentials == other.Credentials
        && start.Namespaces.New == other.Namespaces.New
        && start.Namespaces.Own == other.Namespaces.Own
        && start.Namespaces.Users.SequenceEqual(other.Namespaces.Users)
        && start.Namespaces.Groups.SequenceEqual(other.Namespaces.Groups);

    private static (SandboxPlace Place, bool HasTree) Shape(SandboxPlace place) =>
        (place with { Tree = null }, place.Tree is not null);

    private static IEnumerable<FileDescriptor> Descriptors(ProcessStartOptions start)
    {
        if (start.ControlGroup?.UnifiedDirectory is { } unified)
        {
            yield return unified;
        }

        foreach (FileFd entrance in start.ControlGroup?.Entrances ?? [])
        {
            yield return entrance;
        }

        foreach (SandboxPlace place in start.View!.Places)
        {
            if (place.Tree is { } tree)
            {
                yield return tree;
            }
        }

        if (start.Landlock is { } ruleset)
        {
            yield return ruleset.Descriptor;
        }
    }
}
