using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>Writes a <see cref="LaunchPlan"/> step by step.</summary>
public sealed class LaunchPlanBuilder
{
    private readonly ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>(128);
    private readonly ImmutableArray<Slot>.Builder slots = ImmutableArray.CreateBuilder<Slot>(32);
    private readonly ImmutableArray<Scratch>.Builder scratch = ImmutableArray.CreateBuilder<Scratch>();
    private readonly ImmutableArray<Slot>.Builder companions = ImmutableArray.CreateBuilder<Slot>();
    private readonly List<Label> labels = [];
    private string group = "";
    private Slot? launcher;
    private int gates;
    private int spawns;
    private int seal = -1;

    /// <summary>The namespaces to create the process in.</summary>
    public CloneFlags CloneFlags { get; set; }

    /// <summary>An input slot with the directory of a v2 cgroup to create the process in.</summary>
    public Slot? Cgroup { get; set; }

    /// <summary>See <see cref="LaunchPlan.SpawnsIntoCgroup"/>.</summary>
    public bool SpawnsIntoCgroup { get; set; }

    /// <summary>See <see cref="LaunchPlan.FailureReport"/>.</summary>
    public Slot? FailureReport { get; set; }

    /// <summary>See <see cref="LaunchPlan.Launcher"/>; asking for the slot makes it.</summary>
    public Slot Launcher => launcher ??= NewInput("the launching process");

    /// <summary>See <see cref="LaunchPlan.Undumpable"/>.</summary>
    public bool Undumpable { get; set; }

    /// <summary>See <see cref="LaunchPlan.HidesItself"/>.</summary>
    public bool HidesItself { get; set; }

    /// <summary>See <see cref="LaunchPlan.Pass"/>.</summary>
    public long Pass { get; set; }

    /// <summary>See <see cref="LaunchPlan.SignalMask"/>.</summary>
    public Scratch? SignalMask { get; set; }

    /// <summary>See <see cref="LaunchPlan.ProcessIds"/>.</summary>
    public Scratch? ProcessIds { get; set; }

    /// <summary>See <see cref="LaunchPlan.OwnDescriptorsFrom"/>.</summary>
    public int OwnDescriptorsFrom { get; set; }

    /// <summary>Names the part of the launch that the following steps belong to.</summary>
    public void Group(string name) => group = name;

    /// <summary>A place for a step's result.</summary>
    public Slot NewSlot(string name) => AddSlot(name, isInput: false);

    /// <summary>A place for a value that the launcher is handed.</summary>
    public Slot NewInput(string name) => AddSlot(name, isInput: true);

    /// <summary>Memory that starts as zeros.</summary>
    public Scratch NewScratch(string name, int size) => AddScratch(name, new byte[size]);

    /// <summary>Memory that starts with a copy of <paramref name="content"/>.</summary>
    public Scratch NewScratch(string name, ReadOnlySpan<byte> content) => AddScratch(name, content.ToArray());

    /// <summary>A slot that holds the number of a further process; see <see cref="LaunchPlan.Companions"/>.</summary>
    public void Companion(Slot process) => companions.Add(process);

    /// <summary>A place to branch to, not placed yet.</summary>
    public Label NewLabel(string name)
    {
        Label label = new(name);
        labels.Add(label);
        return label;
    }

    /// <summary>The next step is where <paramref name="label"/> leads.</summary>
    public void Place(Label label) => label.Target = steps.Count;

    /// <summary>Adds a call.</summary>
    public void Call(string words, Syscall call, params ReadOnlySpan<Argument> arguments) =>
        Add(new CallStep(words, call, [.. arguments]) { Group = group });

    /// <summary>Adds a call whose result is kept.</summary>
    public void CallInto(Slot result, string words, Syscall call, params ReadOnlySpan<Argument> arguments) =>
        Add(new CallStep(words, call, [.. arguments]) { Group = group, Result = result });

    /// <summary>Adds a step that was made elsewhere.</summary>
    public void Add(Step step)
    {
        spawns += step is SpawnStep ? 1 : 0;
        gates += step is GateStep ? 1 : 0;
        steps.Add(step.Group == group ? step : step with { Group = group });
    }

    /// <summary>Adds a point at which the child waits for the parent; its number is returned.</summary>
    public int Gate(string words)
    {
        Add(new GateStep(words, gates + 1));
        return gates;
    }

    /// <summary>Goes on in a sealed image of its own; see <see cref="SealStep"/>.</summary>
    public void Seal(string words)
    {
        if (seal >= 0)
        {
            throw new InvalidOperationException("a plan can be sealed only once");
        }

        seal = steps.Count;
        Add(new SealStep(words, NewInput("the sealed image")));
    }

    /// <summary>The plan; the builder must not be used afterwards.</summary>
    /// <exception cref="InvalidOperationException">
    /// A label leads nowhere, or backwards; the plan spawns twice; what is sealed needs what is outside.
    /// </exception>
    public LaunchPlan Build()
    {
        // Who goes on after a second spawn would be a third process, and nobody would reap the second.
        if (spawns > 1)
        {
            throw new InvalidOperationException("a plan can go on in another process only once");
        }

        // Before the first of a row of programs the signal mask is restored, and before one that is reached from elsewhere.
        bool[] restores = new bool[steps.Count];
        bool executing = false;
        References references = new();
        for (int i = 0; i < steps.Count; i++)
        {
            references.Of(steps[i]);
            bool executes = LaunchPlan.Executes(steps[i]);
            restores[i] |= executes && !executing;
            executing = executes;
            foreach (Label label in references.Targets)
            {
                if (label.Target <= i || label.Target >= steps.Count)
                {
                    throw new InvalidOperationException(
                        $"step '{steps[i].Words}' leads to '{label.Name}', which is not ahead of it"
                    );
                }

                restores[label.Target] |= !executes && LaunchPlan.Executes(steps[label.Target]);
            }
        }

        SealedPart? part = null;
        if (seal >= 0)
        {
            part = SealedPart.Of(steps, seal, FailureReport, () => NewInput("the report"));
            restores.AsSpan(part.Seal + 1).Clear();
        }

        return new LaunchPlan(
            CloneFlags,
            Cgroup,
            launcher,
            FailureReport,
            companions.ToImmutable(),
            Undumpable,
            HidesItself,
            steps.ToImmutable(),
            ImmutableCollectionsMarshal.AsImmutableArray(restores),
            slots.ToImmutable(),
            scratch.ToImmutable(),
            waitsForParent: gates > 0,
            spawns: spawns > 0,
            part
        )
        {
            Pass = Pass,
            SignalMask = SignalMask,
            ProcessIds = ProcessIds,
            OwnDescriptorsFrom = OwnDescriptorsFrom,
            SpawnsIntoCgroup = SpawnsIntoCgroup,
        };
    }

    private Scratch AddScratch(string name, byte[] content)
    {
        Scratch memory = new(scratch.Count, name, content);
        scratch.Add(memory);
        return memory;
    }

    private Slot AddSlot(string name, bool isInput)
    {
        Slot slot = new(slots.Count, name, isInput);
        slots.Add(slot);
        return slot;
    }
}
