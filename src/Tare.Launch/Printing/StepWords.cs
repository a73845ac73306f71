namespace Tare.Launch.Printing;

/// <summary>What a step does, as lines for people: the call or its like first, then where else it may lead.</summary>
internal static class StepWords
{
    /// <summary>The lines under the step's words.</summary>
    public static IEnumerable<string> Lines(LaunchPlan plan, Step step) =>
        step switch
        {
            CallStep call => Call(call),
            CheckStep check => Check(check),
            StoreStep store => [$"{Place(store.Memory, store.Offset, store.Width)} = {store.Source}"],
            AddressStep pointer => [$"{Place(pointer.Memory, pointer.Offset, 8)} = address of [{pointer.Source.Name}]"],
            JumpStep jump => [$"go to {Goal(jump.Target)}"],
            GateStep gate => [$"wait for the parent (gate {gate.Gate})"],
            MoveGatesStep move => [$"gates at descriptors {move.Number} and {move.Number + 1} from here on"],
            MoveSealStep move =>
            [
                $"the sealed image at descriptor {move.Number} and its pipe at {move.Number + 1} from here on",
            ],
            SpawnStep spawn => [$"{Spawn(plan, spawn)}, and end this process"],
            SealStep seal => Seal(plan, seal),
            FailStep fail => [$"fail with {fail.Errno}"],
            _ => throw new InvalidOperationException($"a step of type {step.GetType().Name} has no words"),
        };

    private static string Spawn(LaunchPlan plan, SpawnStep spawn)
    {
        string flags = EnumWords.Of(LaunchFlags.OfSpawned(plan, spawn));
        string cgroup = plan is { Cgroup: { } slot, SpawnsIntoCgroup: true } ? $", cgroup={slot}" : "";
        return plan.Sealed is { Spawns: true }
            ? $"clone({flags}, NULL, NULL, NULL, 0)"
            : $"clone3({{flags={flags}{cgroup}}}, 88)";
    }

    private static IEnumerable<string> Call(CallStep step)
    {
        IEnumerable<string> arguments = step.Arguments.Select(
            (argument, index) => ArgumentWords.Of(step.Call, index, argument)
        );
        string result = step.Result is { } slot ? $" = {slot}" : "";
        yield return $"{step.Call}({string.Join(", ", arguments)}){result}";

        if (!step.Tolerated.IsEmpty)
        {
            yield return $"no failure: {string.Join(", ", step.Tolerated)}";
        }

        foreach (Branch branch in step.Branches)
        {
            yield return $"on {branch.Errno} go to {Goal(branch.Target)}";
        }
    }

    private static IEnumerable<string> Seal(LaunchPlan plan, SealStep step) =>
        [
            .. plan.Sealed!.Kept.Select(slot => $"fcntl({slot}, F_SETFD, 0), and close-on-exec again afterwards"),
            .. Call(step.Execution),
        ];

    private static IEnumerable<string> Check(CheckStep step)
    {
        string mask =
            step.Mask == ulong.MaxValue >> (64 - (8 * step.Width)) ? "" : $" & {NumberWords.Hex((long)step.Mask)}";
        string relation = step.MustDiffer ? "!=" : "==";
        string otherwise = step.Otherwise is { } label ? $"go to {Goal(label)}" : $"fail with {step.Failure}";
        yield return $"{Place(step.Memory, step.Offset, step.Width)}{mask} {relation} {NumberWords.Hex((long)step.Expected)}, "
            + $"else {otherwise}";
    }

    private static string Place(Scratch memory, int offset, int width) =>
        $"[{memory.Name}] {offset}..{offset + width - 1}";

    private static string Goal(Label label) => $"{label.Target + 1}: {label.Name}";
}
