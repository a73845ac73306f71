using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>What becomes of a system call that waits for an answer. seccomp_unotify(2).</summary>
public readonly record struct SystemCallReply
{
    private SystemCallReply(Kind what) => What = what;

    internal enum Kind
    {
        /// <summary>The default: who forgot to answer lets nothing through.</summary>
        Fail,
        Return,
        Continue,
        Descriptor,
    }

    /// <summary>
    /// The kernel makes the call. No decision for safety: memory that arguments point to may be changed by another thread
    /// after it was looked at. SECCOMP_USER_NOTIF_FLAG_CONTINUE, Linux 5.5.
    /// </summary>
    public static SystemCallReply Continue => new(Kind.Continue);

    internal Kind What { get; }

    internal long Value { get; private init; }

    internal FileDescriptor? File { get; private init; }

    internal int? Number { get; private init; }

    internal bool CloseOnExec { get; private init; }

    /// <summary>The call is not made and returns a value.</summary>
    public static SystemCallReply Return(long value) => new(Kind.Return) { Value = value };

    /// <summary>The call is not made and fails.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no errno, 1 to 4095.</exception>
    public static SystemCallReply Fail(Errno errno)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((int)errno, 1, nameof(errno));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)errno, FilterVerdicts.MostErrno, nameof(errno));
        return new(Kind.Fail) { Value = (int)errno };
    }

    /// <summary>
    /// The call is not made; its process gets a duplicate of a descriptor, and the call returns its number there. In one step
    /// (SECCOMP_ADDFD_FLAG_SEND, Linux 5.14), so that nothing is left where it was interrupted.
    /// </summary>
    /// <param name="file">The descriptor; it is closed here once it was handed over.</param>
    /// <param name="closeOnExec">It is closed by execve there, as by open(2) with O_CLOEXEC.</param>
    /// <param name="number">The number to have there, closing what it stood for; null is the lowest that is free.</param>
    public static SystemCallReply Descriptor(FileDescriptor file, bool closeOnExec, int? number = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(number ?? 0, nameof(number));
        return new(Kind.Descriptor)
        {
            File = file,
            CloseOnExec = closeOnExec,
            Number = number,
        };
    }
}
