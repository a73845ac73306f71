namespace Tare.Launch;

/// <summary>The steps of a plan that run in an image of their own, and what they need of the process that executes it.</summary>
internal sealed class SealedPart
{
    private readonly List<Slot> kept;

    private SealedPart(int seal, Slot image, Slot? pipe, List<Slot> kept, bool spawns)
    {
        Seal = seal;
        Image = image;
        Pipe = pipe;
        Spawns = spawns;
        this.kept = kept;
    }

    /// <summary>The index of the <see cref="SealStep"/>; the part begins behind it.</summary>
    public int Seal { get; }

    /// <summary>An input that the launcher fills: the sealed file.</summary>
    public Slot Image { get; }

    /// <summary>
    /// An input that the launcher fills: a pipe on which the part says which step failed, and which process it made. Null
    /// where it makes none and others are told of failures (<see cref="LaunchPlan.FailureReport"/>).
    /// </summary>
    public Slot? Pipe { get; }

    /// <summary>The descriptors that stay open.</summary>
    public IReadOnlyList<Slot> Kept => kept;

    /// <summary>The part makes the process that executes the program.</summary>
    public bool Spawns { get; }

    /// <summary>Finds out what the steps behind the seal need.</summary>
    /// <exception cref="InvalidOperationException">They need what they cannot have.</exception>
    public static SealedPart Of(IReadOnlyList<Step> steps, int seal, Slot? failureReport, Func<Slot> makePipe)
    {
        HashSet<Scratch> outside = [];
        for (int i = 0; i < seal; i++)
        {
            CheckTargets(steps[i], seal);
            outside.UnionWith(MemoryOf(steps[i]));
        }

        bool spawns = steps.Skip(seal).Any(step => step is SpawnStep);
        Slot? pipe = failureReport is null || spawns ? makePipe() : null;
        List<Slot> needed = [.. new[] { pipe, failureReport }.OfType<Slot>()];
        HashSet<Slot> known = [.. needed];
        for (int i = seal + 1; i < steps.Count; i++)
        {
            foreach (Slot slot in SlotsOf(steps[i]))
            {
                if (known.Add(slot))
                {
                    Check(slot.IsInput, steps[i], $"{slot}, which is not known in a sealed image");
                    needed.Add(slot);
                }
            }

            foreach (Scratch memory in MemoryOf(steps[i]))
            {
                Check(
                    !outside.Contains(memory),
                    steps[i],
                    $"'{memory.Name}', which is used outside of the sealed image"
                );
            }

            Check(steps[i] is not GateStep, steps[i], "the launcher, which a sealed image has no word with");
            if (steps[i] is CallStep { Result: { } result })
            {
                known.Add(result);
            }
        }

        return new SealedPart(seal, ((SealStep)steps[seal]).Image, pipe, needed, spawns);
    }

    private static void CheckTargets(Step step, int seal)
    {
        foreach (Label label in LaunchPlanBuilder.Targets(step))
        {
            Check(label.Target <= seal, step, $"'{label.Name}', which lies in a sealed image");
        }
    }

    private static void Check(bool holds, Step step, string need)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"step '{step.Words}' needs {need}");
        }
    }

    private static IEnumerable<Slot> SlotsOf(Step step) =>
        step switch
        {
            CallStep call => call.Arguments.Where(argument => argument.Slot is not null).Select(a => a.Slot!),
            StoreStep store => [store.Source],
            _ => [],
        };

    private static IEnumerable<Scratch> MemoryOf(Step step) =>
        step switch
        {
            CallStep call => call.Arguments.Where(argument => argument.Memory is not null).Select(a => a.Memory!),
            CheckStep check => [check.Memory],
            StoreStep store => [store.Memory],
            AddressStep pointer => [pointer.Source, pointer.Memory],
            _ => [],
        };
}
