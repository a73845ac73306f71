using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A planned start, and which of its inputs are what.</summary>
internal sealed record StartPlan
{
    /// <summary>The system calls; the group of each is the name of the option that it is for.</summary>
    public required LaunchPlan Plan { get; init; }

    /// <summary>How it is launched.</summary>
    public required LaunchOptions Options { get; init; }

    /// <summary>What is to be started, for messages.</summary>
    public required string FileName { get; init; }

    /// <summary>The inputs of standard streams that are not this process's.</summary>
    public required ImmutableArray<Slot?> Streams { get; init; }

    /// <summary>The inputs whose descriptors the options name.</summary>
    public required ImmutableArray<(Slot Slot, FileDescriptor File)> Given { get; init; }

    /// <summary>The input that a guard waits at; null where there is none.</summary>
    public Slot? GuardOrder { get; init; }

    /// <summary>Where the maps of the user namespace are waited for, or 0.</summary>
    public int MapGate { get; init; }

    /// <summary>Where the program and its arguments are written while the process is suspended; null where they are known before.</summary>
    public LateProgram? Late { get; init; }

    /// <summary>Where the process is suspended, or 0.</summary>
    public int SuspendGate { get; init; }

    /// <summary>Where the filter's listener is taken, or 0.</summary>
    public int ListenerGate { get; init; }

    /// <summary>Where the listener's number in the child is.</summary>
    public Slot? Listener { get; init; }

    /// <summary>The same plan with other descriptors as its inputs.</summary>
    /// <param name="exchanges">What is given now, and what is to be given instead.</param>
    public StartPlan With(IEnumerable<(FileDescriptor Old, FileDescriptor New)> exchanges)
    {
        Dictionary<FileDescriptor, FileDescriptor> others = new(ReferenceEqualityComparer.Instance);
        foreach ((FileDescriptor old, FileDescriptor other) in exchanges)
        {
            others[old] = other;
        }

        return this with
        {
            Given = [.. Given.Select(given => (given.Slot, others.GetValueOrDefault(given.File, given.File)))],
        };
    }

    /// <summary>What one launch is handed.</summary>
    public LaunchInputs Inputs(StartStreams streams)
    {
        LaunchInputs inputs = new();
        for (int i = 0; i < Streams.Length; i++)
        {
            if (Streams[i] is { } slot)
            {
                inputs.Add(slot, streams.Child[i]!);
            }
        }

        if (GuardOrder is { } order)
        {
            inputs.Add(order, streams.GuardOrder!);
        }

        foreach ((Slot slot, FileDescriptor file) in Given)
        {
            inputs.Add(slot, file);
        }

        return inputs;
    }

    /// <summary>The same failure, by the option that could not be had.</summary>
    public ProcessStartException Failed(LaunchException failure)
    {
        string setting =
            failure.Failure.Step is { } step ? Plan.Steps[step].Group
            : Plan.ProcessIds is not null && failure.Failure.Errno is Errno.EEXIST or Errno.EINVAL
                ? nameof(ProcessStartOptions.ProcessIds)
            : nameof(ProcessStartOptions.Namespaces);
        string hint = "";
        if (setting == nameof(ProcessStartOptions.FileName) && failure.Failure.Errno == Errno.E2BIG)
        {
            setting = nameof(ProcessStartOptions.Arguments);
            hint =
                " (an argument or variable has 128 KiB or more, or with the environment they take too much of RLIMIT_STACK)";
        }
        else if (
            setting == nameof(ProcessStartOptions.FileName)
            && failure.Failure.Errno == Errno.EPERM
            && Plan.Steps.Any(step => step.Group == nameof(ProcessStartOptions.Seccomp))
        )
        {
            hint = " (its filter of system calls forbids execve, perhaps)";
        }

        return new ProcessStartException(
            setting,
            failure.Failure.Errno,
            failure.Failure.Ended,
            $"start '{FileName}': {failure.Message}{hint}",
            failure
        );
    }
}
