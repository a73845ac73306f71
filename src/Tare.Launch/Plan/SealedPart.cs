namespace Tare.Launch;

/// <summary>The steps of a plan that run in an image of their own, and what they need of the process that executes it.</summary>
internal sealed class SealedPart
{
    private readonly List<Slot> kept;
    private readonly HashSet<Scratch> used;

    private SealedPart(int seal, Slot image, Slot? pipe, List<Slot> kept, HashSet<Scratch> used, bool spawns)
    {
        Seal = seal;
        Image = image;
        Pipe = pipe;
        Spawns = spawns;
        this.kept = kept;
        this.used = used;
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

    /// <summary>The number that the pipe has when the part begins, where it is moved; null where it stays.</summary>
    public int? MovedPipe { get; private init; }

    /// <summary>The descriptors that stay open.</summary>
    public IReadOnlyList<Slot> Kept => kept;

    /// <summary>The part uses this scratch memory, and nothing else does.</summary>
    public bool Uses(Scratch scratch) => used.Contains(scratch);

    /// <summary>The part makes the process that executes the program.</summary>
    public bool Spawns { get; }

    /// <summary>Finds out what the steps behind the seal need.</summary>
    /// <exception cref="InvalidOperationException">They need what they cannot have.</exception>
    public static SealedPart Of(IReadOnlyList<Step> steps, int seal, Slot? failureReport, Func<Slot> makePipe)
    {
        References references = new();
        HashSet<Scratch> outside = new(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < seal; i++)
        {
            references.Of(steps[i]);
            CheckTargets(steps[i], references.Targets, seal);
            outside.UnionWith(references.Memory);
        }

        bool spawns = steps.Skip(seal).Any(step => step is SpawnStep);
        Slot? pipe = failureReport is null || spawns ? makePipe() : null;
        List<Slot> needed = [.. new[] { pipe, failureReport }.OfType<Slot>()];
        HashSet<Slot> known = new(needed, ReferenceEqualityComparer.Instance);
        HashSet<Scratch> inside = new(ReferenceEqualityComparer.Instance);
        for (int i = seal + 1; i < steps.Count; i++)
        {
            references.Of(steps[i]);
            foreach (Slot slot in references.Slots)
            {
                if (known.Add(slot))
                {
                    needed.Add(
                        slot.IsInput ? slot : throw Needs(steps[i], $"{slot}, which is not known in a sealed image")
                    );
                }
            }

            foreach (Scratch memory in references.Memory)
            {
                if (outside.Contains(memory))
                {
                    throw Needs(steps[i], $"'{memory.Name}', which is used outside of the sealed image");
                }

                inside.Add(memory);
            }

            if (steps[i] is GateStep)
            {
                throw Needs(steps[i], "the launcher, which a sealed image has no word with");
            }

            if (steps[i] is CallStep { Result: { } result })
            {
                known.Add(result);
            }
        }

        return new SealedPart(seal, ((SealStep)steps[seal]).Image, pipe, needed, inside, spawns)
        {
            MovedPipe = steps.Take(seal).OfType<MoveSealStep>().FirstOrDefault() is { } move ? move.Number + 1 : null,
        };
    }

    private static void CheckTargets(Step step, List<Label> targets, int seal)
    {
        foreach (Label label in targets)
        {
            if (label.Target > seal)
            {
                throw Needs(step, $"'{label.Name}', which lies in a sealed image");
            }
        }
    }

    private static InvalidOperationException Needs(Step step, string need) => new($"step '{step.Words}' needs {need}");
}
