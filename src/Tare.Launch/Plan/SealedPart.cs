namespace Tare.Launch;

/// <summary>The steps of a plan that run in an image of their own, and what they need of the process that executes it.</summary>
internal sealed class SealedPart
{
    private readonly List<Slot> kept;

    private SealedPart(int seal, Slot image, Slot report, Slot? pipe, List<Slot> kept, bool spawns)
    {
        Seal = seal;
        Image = image;
        Report = report;
        Pipe = pipe;
        Spawns = spawns;
        this.kept = kept;
    }

    /// <summary>The index of the <see cref="SealStep"/>; the part begins behind it.</summary>
    public int Seal { get; }

    /// <summary>An input that the launcher fills: the sealed file.</summary>
    public Slot Image { get; }

    /// <summary>An input: where the part says which step failed, and which process it made.</summary>
    public Slot Report { get; }

    /// <summary>
    /// The same where it is a pipe of the launcher's own; null where it is the plan's
    /// <see cref="LaunchPlan.FailureReport"/>, which others read.
    /// </summary>
    public Slot? Pipe { get; }

    /// <summary>The descriptors that stay open.</summary>
    public IReadOnlyList<Slot> Kept => kept;

    /// <summary>The part makes the process that executes the program.</summary>
    public bool Spawns { get; }

    /// <summary>Finds out what the steps behind the seal need.</summary>
    /// <exception cref="InvalidOperationException">They need what they cannot have.</exception>
    public static SealedPart Of(IReadOnlyList<Step> steps, int seal, Slot report, bool isPipe)
    {
        HashSet<Scratch> outside = [];
        for (int i = 0; i < seal; i++)
        {
            CheckTargets(steps[i], seal);
            outside.UnionWith(MemoryOf(steps[i]));
        }

        List<Slot> needed = [report];
        HashSet<Slot> known = [report];
        bool spawns = false;
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

            spawns |= steps[i] is SpawnStep;
        }

        return new SealedPart(seal, ((SealStep)steps[seal]).Image, report, isPipe ? report : null, needed, spawns);
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
