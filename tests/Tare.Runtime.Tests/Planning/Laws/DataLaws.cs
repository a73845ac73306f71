using Tare.Launch;

namespace Tare.Runtime.Tests.Planning.Laws;

/// <summary>Whichever way a launch takes, no step uses a descriptor that was not opened or memory that was not written.</summary>
internal static class DataLaws
{
    public static void Check(LaunchPlan plan)
    {
        // What is sure to be known before each step; null where no way leads.
        HashSet<object>?[] known = new HashSet<object>?[plan.Steps.Length + 1];
        known[0] = [.. plan.Slots.Where(slot => slot.IsInput), .. plan.Scratch.Where(IsFilled)];
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            Step step = plan.Steps[i];
            HashSet<object> before = known[i] ?? throw Fail(i, step, "no way leads here");
            foreach (object used in Uses(step))
            {
                Assert.True(before.Contains(used), $"step {i + 1}, '{step.Words}': {Name(used)} may not be known yet");
            }

            HashSet<object> after = [.. before, .. Makes(step)];
            foreach ((int target, bool failed) in Ways(step, i))
            {
                Meet(ref known[target], failed ? before : after);
            }
        }

        HashSet<Slot> needed = [.. plan.Steps.SelectMany(Uses).OfType<Slot>()];
        foreach (Slot slot in plan.Slots.Where(slot => slot.IsInput))
        {
            Assert.True(
                needed.Contains(slot) || slot == plan.Cgroup || slot == plan.FailureReport || slot == plan.Sealed?.Pipe,
                $"the input {slot} is of no use"
            );
        }
    }

    private static bool IsFilled(Scratch memory) => memory.Content.Span.ContainsAnyExcept((byte)0);

    private static IEnumerable<object> Uses(Step step) =>
        step switch
        {
            CallStep call => call.Arguments.Where(a => a.Kind == ArgumentKind.Slot).Select(a => (object)a.Slot!),
            StoreStep store => [store.Source],
            SealStep seal => [seal.Image],
            CheckStep check => [check.Memory],
            _ => [],
        };

    private static IEnumerable<object> Makes(Step step) =>
        step switch
        {
            CallStep call =>
            [
                .. call.Result is { } result ? [result] : Array.Empty<object>(),
                .. call.Arguments.Where(a => a.Kind == ArgumentKind.Scratch).Select(a => (object)a.Memory!),
                .. call.Arguments.Where(a => a.Kind == ArgumentKind.SlotAddress).Select(a => (object)a.Slot!),
            ],
            StoreStep store => [store.Memory],
            AddressStep pointer => [pointer.Memory],
            _ => [],
        };

    private static IEnumerable<(int Target, bool Failed)> Ways(Step step, int index) =>
        step switch
        {
            CallStep call => [(index + 1, false), .. call.Branches.Select(branch => (branch.Target.Target, true))],
            CheckStep { Otherwise: { } otherwise } => [(index + 1, false), (otherwise.Target, false)],
            JumpStep jump => [(jump.Target.Target, false)],
            FailStep => [],
            _ => [(index + 1, false)],
        };

    private static void Meet(ref HashSet<object>? known, HashSet<object> also)
    {
        if (known is null)
        {
            known = [.. also];
        }
        else
        {
            known.IntersectWith(also);
        }
    }

    private static string Name(object used) => used is Slot slot ? slot.ToString() : $"[{((Scratch)used).Name}]";

    private static InvalidOperationException Fail(int index, Step step, string what) =>
        new($"step {index + 1}, '{step.Words}': {what}");
}
