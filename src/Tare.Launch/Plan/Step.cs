using System.Collections.Immutable;
using Tare.Linux.Abi;

namespace Tare.Launch;

/// <summary>One thing that the child does. Steps run in order; a failed one ends the launch unless it says otherwise.</summary>
/// <param name="Words">What it is for, as an error would say it: <c>mount tmpfs on '/dev'</c>.</param>
public abstract record Step(string Words)
{
    /// <summary>The part of the launch that it belongs to (<c>mounts</c>, <c>credentials</c>), for people.</summary>
    public string Group { get; init; } = "";
}

/// <summary>Where a call leads if it fails with one of these errnos.</summary>
public readonly record struct Branch(Errno Errno, Label Target);

/// <summary>A system call.</summary>
public sealed record CallStep(string Words, Syscall Call, ImmutableArray<Argument> Arguments) : Step(Words)
{
    /// <summary>Where the result goes.</summary>
    public Slot? Result { get; init; }

    /// <summary>Errnos that are no failure; the result slot then holds the negated errno.</summary>
    public ImmutableArray<Errno> Tolerated { get; init; } = [];

    /// <summary>Errnos that lead elsewhere: the alternative.</summary>
    public ImmutableArray<Branch> Branches { get; init; } = [];
}

/// <summary>Looks at a value that an earlier call wrote and goes on only if it is the expected one.</summary>
/// <param name="Words">What is made sure of: <c>'/dev/null' is the null device</c>.</param>
/// <param name="Memory">The scratch memory to read.</param>
/// <param name="Offset">Where in it, in bytes.</param>
/// <param name="Width">1, 2, 4 or 8 bytes, little endian.</param>
/// <param name="Mask">The bits that count.</param>
/// <param name="Expected">What they must be.</param>
public sealed record CheckStep(string Words, Scratch Memory, int Offset, int Width, ulong Mask, ulong Expected)
    : Step(Words)
{
    /// <summary>The errno that a mismatch is reported as.</summary>
    public Errno Failure { get; init; } = Errno.EINVAL;

    /// <summary>Where a mismatch leads instead of failing.</summary>
    public Label? Otherwise { get; init; }

    /// <summary>The check is turned around: the value must differ.</summary>
    public bool MustDiffer { get; init; }
}

/// <summary>Writes what a slot holds into scratch memory: a field of a struct.</summary>
public sealed record StoreStep(string Words, Slot Source, Scratch Memory, int Offset, int Width) : Step(Words);

/// <summary>Goes on elsewhere.</summary>
public sealed record JumpStep(string Words, Label Target) : Step(Words);

/// <summary>Tells the parent that the child has come so far and waits until it says go on. The parent's death ends the child.</summary>
/// <param name="Words">What is waited for: <c>wait for the user namespace's maps</c>.</param>
/// <param name="Gate">The gate's number, from 1, in the plan's order.</param>
public sealed record GateStep(string Words, int Gate) : Step(Words);

/// <summary>
/// From here on the gates' descriptors have fixed numbers, out of the way of those that the program is to get: what lets the
/// child go on, and behind it the launching process. All else may be closed then.
/// </summary>
/// <param name="Words">What for.</param>
/// <param name="Number">The first of the two numbers.</param>
public sealed record MoveGatesStep(string Words, int Number) : Step(Words);

/// <summary>
/// From here on the sealed image and the pipe by which it reports have fixed numbers, out of the way of those that the program
/// is to get. All else may be closed then. Comes before the <see cref="SealStep"/>; the numbers must lie below
/// <see cref="LaunchPlan.OwnDescriptorsFrom"/>.
/// </summary>
/// <param name="Words">What for.</param>
/// <param name="Number">The image's number; the pipe's is the next.</param>
public sealed record MoveSealStep(string Words, int Number) : Step(Words);

/// <summary>
/// Goes on in a new process, made with CLONE_PARENT so that it is the launcher's child, and ends this one. What must be
/// entered before a process is made (a PID namespace) is entered before this step.
/// </summary>
public sealed record SpawnStep(string Words, CloneFlags Flags) : Step(Words);

/// <summary>
/// Goes on in a process image of its own: the steps behind it, as a sealed file in memory that the process executes. From
/// there on the process shares no memory with its launcher, has no descriptor left but those that the steps name, and its
/// executable is no file: /proc/PID/exe leads nowhere. So what follows may be seen by processes that are not trusted, and
/// a program or an interpreter that is called <c>/proc/self/exe</c> is not the launcher's (CVE-2019-5736).
/// </summary>
/// <remarks>
/// The steps behind it know inputs, which must be descriptors, and what they have done themselves; they must not wait at a
/// gate. Made by <see cref="LaunchPlanBuilder.Seal"/>.
/// </remarks>
public sealed record SealStep : Step
{
    internal SealStep(string words, Slot image)
        : base(words)
    {
        Image = image;
        Execution = new CallStep(
            words,
            Syscall.execveat,
            [image, "", Argument.Texts(["tare"]), Argument.Texts([]), Argument.Flags(AtFlags.AT_EMPTY_PATH)]
        );
    }

    /// <summary>The call.</summary>
    internal CallStep Execution { get; }

    /// <summary>An input that the launcher fills itself: the sealed file.</summary>
    internal Slot Image { get; }
}

/// <summary>Fails the launch: the end of a row of alternatives.</summary>
public sealed record FailStep(string Words, Errno Errno) : Step(Words);

/// <summary>Writes the address of scratch memory into other scratch memory: a pointer in a struct (iovec, msghdr).</summary>
public sealed record AddressStep(string Words, Scratch Source, Scratch Memory, int Offset) : Step(Words);
