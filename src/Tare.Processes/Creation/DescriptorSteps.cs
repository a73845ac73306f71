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

    /// <summary>Writes the steps.</summary>
    public void Write()
    {
        List<(int Number, Slot Copy, string Group)> copies = [];
        int above = Math.Max(3, options.Descriptors.Keys.DefaultIfEmpty(2).Max() + 1);
        for (int i = 0; i < streams.Length; i++)
        {
            if (IsGiven(i))
            {
                Slot source = streams[i] = plan.NewInput(Names[i]);
                copies.Add((i, Copy(source, Names[i], above), Names[i]));
            }
        }

        foreach ((int number, FileDescriptor file) in options.Descriptors)
        {
            string name = $"descriptor {number}";
            Slot source = input(name, file);
            copies.Add((number, Copy(source, name, above), nameof(ProcessStartOptions.Descriptors)));
        }

        foreach ((int number, Slot copy, string group) in copies)
        {
            plan.Group(Group(group));
            plan.Call($"make it descriptor {number}", Syscall.dup3, copy, number, 0);
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

        CloseOthers();
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

    private string Group(string name) =>
        options.Terminal is not null && Names.Contains(name) ? nameof(ProcessStartOptions.Terminal) : name;

    private Slot Copy(Slot source, string name, int above)
    {
        plan.Group(
            name.StartsWith("Standard", StringComparison.Ordinal)
                ? Group(name)
                : nameof(ProcessStartOptions.Descriptors)
        );
        Slot copy = plan.NewSlot($"{name}, out of the way");
        plan.CallInto(copy, $"take {name}", Syscall.fcntl, source, Argument.Flags(FcntlCommand.F_DUPFD_CLOEXEC), above);
        return copy;
    }

    // Between the numbers that are given everything closes when the program starts.
    private void CloseOthers()
    {
        plan.Group(nameof(ProcessStartOptions.Descriptors));
        uint first = 3;
        foreach (int number in options.Descriptors.Keys.Order())
        {
            if (number > first)
            {
                Close(first, (uint)number - 1);
            }

            first = (uint)number + 1;
        }

        Close(first, uint.MaxValue);
    }

    private void Close(uint first, uint last) =>
        plan.Call(
            "close other descriptors when the program starts",
            Syscall.close_range,
            first,
            Argument.Number(last, ArgumentFormat.Hex),
            Argument.Flags(CloseRangeFlags.CLOSE_RANGE_CLOEXEC)
        );
}
