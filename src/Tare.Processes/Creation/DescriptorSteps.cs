using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// The part of a plan that gives a process its descriptors. What is to be given is first copied above all numbers that are
/// wanted, so that no copy overwrites what is still needed.
/// </summary>
internal sealed class DescriptorSteps(
    LaunchPlanBuilder plan,
    ProcessStartOptions options,
    Func<string, FileDescriptor, Slot> input,
    Slot?[] streams
)
{
    private static readonly ImmutableArray<string> Names =
    [
        nameof(ProcessStartOptions.StandardInput),
        nameof(ProcessStartOptions.StandardOutput),
        nameof(ProcessStartOptions.StandardError),
    ];

    // What later steps need stands at these numbers above those that the program gets, until it is executed.
    private readonly int kept = Math.Max(3, options.Descriptors.Keys.DefaultIfEmpty(2).Max() + 1);

    /// <summary>The Landlock ruleset.</summary>
    public int Ruleset => kept;

    /// <summary>The program, where it is open already.</summary>
    public int Executable => kept + 1;

    /// <summary>A pidfd of this process, where the child dies with it.</summary>
    public int Launcher => kept + 2;

    /// <summary>The guard's program, where there is one.</summary>
    public int GuardImage => kept + 3;

    /// <summary>What the guard waits at.</summary>
    public int GuardOrder => kept + 4;

    /// <summary>The sealed image and behind it its pipe, of a process that waits before it.</summary>
    public int Sealed => kept + 5;

    private int Gates => kept + 7;

    // Of the numbers from the first that is kept at: those that something is at.
    private readonly SortedSet<int> held = [];

    /// <summary>The first number that nothing is kept at.</summary>
    public int Above => kept + 9;

    /// <summary>Writes the steps.</summary>
    /// <param name="guardOrder">What a guard waits at; null where there is none.</param>
    /// <param name="movesGates">There are gates behind these steps.</param>
    public void Write(Slot? guardOrder, bool movesGates)
    {
        List<(int Number, Slot Copy, string Group)> copies = [];
        List<(int Number, Slot Copy, string Group)> keeps = [];
        if (options.Landlock is { } ruleset)
        {
            Keep(Ruleset, input("the Landlock ruleset", ruleset.Descriptor), nameof(ProcessStartOptions.Landlock));
        }

        if (options.Executable is { } executable)
        {
            Keep(Executable, input("the program", executable), nameof(ProcessStartOptions.FileName));
        }

        if (options.KillOnParentExit)
        {
            Keep(Launcher, plan.Launcher, nameof(ProcessStartOptions.KillOnParentExit));
        }

        if (guardOrder is not null)
        {
            const string Option = nameof(ProcessStartOptions.Landlock);
            Keep(GuardImage, input("the guard's program", CompanionProgram.Guard), Option);
            Keep(GuardOrder, guardOrder, Option);
        }

        for (int i = 0; i < streams.Length; i++)
        {
            if (IsGiven(i))
            {
                Slot source = streams[i] = plan.NewInput(Names[i]);
                copies.Add((i, Copy(source, Group(Names[i])), Group(Names[i])));
            }
        }

        foreach ((int number, FileDescriptor file) in options.Descriptors)
        {
            const string Option = nameof(ProcessStartOptions.Descriptors);
            copies.Add((number, Copy(input($"descriptor {number}", file), Option), Option));
        }

        if (movesGates)
        {
            plan.Group(nameof(ProcessStartOptions.Descriptors));
            plan.Add(new MoveGatesStep("keep what this process waits for", Gates));
            held.Add(Gates);
            held.Add(Gates + 1);
        }

        foreach ((int number, Slot copy, string group) in copies)
        {
            plan.Group(group);
            plan.Call($"make it descriptor {number}", Syscall.dup3, copy, number, 0);
        }

        foreach ((int number, Slot copy, string group) in keeps)
        {
            plan.Group(group);
            plan.Call("keep it for later", Syscall.dup3, copy, number, Argument.Flags(OpenFlags.O_CLOEXEC));
            held.Add(number);
        }

        if (options.Terminal is not null)
        {
            plan.Group(nameof(ProcessStartOptions.Terminal));
            plan.Call("make it the controlling terminal", Syscall.ioctl, 0, Argument.Flags(IoctlRequest.TIOCSCTTY), 0);
        }
        else if (options.StandardError.What == ChildStream.Kind.StandardOutput)
        {
            plan.Group(nameof(ProcessStartOptions.StandardError));
            plan.Call("make standard output standard error too", Syscall.dup3, 1, 2, 0);
        }

        plan.Group(nameof(ProcessStartOptions.Descriptors));
        foreach ((uint first, uint last) in Between(options.Descriptors.Keys))
        {
            plan.Call(
                "close other descriptors when the program starts",
                Syscall.close_range,
                first,
                Argument.Number(last, ArgumentFormat.Hex),
                Argument.Flags(CloseRangeFlags.CLOSE_RANGE_CLOEXEC)
            );
        }

        void Keep(int number, Slot source, string group) => keeps.Add((number, Copy(source, group), group));
    }

    /// <summary>
    /// Closes at once what the program will not have, for a process that waits: it must not hold pipes of others that this
    /// process starts meanwhile.
    /// </summary>
    /// <param name="isSealed">There is something at <see cref="Sealed"/>.</param>
    public void CloseOthersNow(bool isSealed)
    {
        plan.Group(nameof(ProcessStartOptions.Descriptors));
        if (isSealed)
        {
            held.Add(Sealed);
            held.Add(Sealed + 1);
        }

        foreach ((uint first, uint last) in Between([.. options.Descriptors.Keys, .. held]))
        {
            plan.Call(
                "close other descriptors",
                Syscall.close_range,
                first,
                Argument.Number(last, ArgumentFormat.Hex),
                0
            );
        }
    }

    private bool IsGiven(int number)
    {
        ChildStream stream = number switch
        {
            0 => options.StandardInput,
            1 => options.StandardOutput,
            _ => options.StandardError,
        };
        return options.Terminal is not null
            || stream.What is not (ChildStream.Kind.Inherit or ChildStream.Kind.StandardOutput);
    }

    private string Group(string stream) => options.Terminal is not null ? nameof(ProcessStartOptions.Terminal) : stream;

    // It can fail only for want of room above the numbers that are wanted.
    private Slot Copy(Slot source, string group)
    {
        plan.Group(options.Descriptors.IsEmpty ? group : nameof(ProcessStartOptions.Descriptors));
        Slot copy = plan.NewSlot($"{source.Name}, out of the way");
        plan.CallInto(
            copy,
            $"take {source.Name}",
            Syscall.fcntl,
            source,
            Argument.Flags(FcntlCommand.F_DUPFD_CLOEXEC),
            Above
        );
        return copy;
    }

    private static IEnumerable<(uint First, uint Last)> Between(IEnumerable<int> numbers)
    {
        uint first = 3;
        foreach (int number in numbers.Order())
        {
            if (number > first)
            {
                yield return (first, (uint)number - 1);
            }

            first = Math.Max(first, (uint)number + 1);
        }

        yield return (first, uint.MaxValue);
    }
}
