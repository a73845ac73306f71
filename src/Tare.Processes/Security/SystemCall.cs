using System.Collections.Immutable;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A system call that waits for an answer. Valid until it was answered. Thread-safe. seccomp_unotify(2).</summary>
public sealed class SystemCall
{
    private const int PageSize = 4096;

    private readonly SeccompListenerFd listener;
    private readonly ulong id;

    internal SystemCall(SeccompListenerFd listener, SeccompNotification notification)
    {
        this.listener = listener;
        id = notification.Id;
        ThreadId = (int)notification.ThreadId;
        Number = notification.Data.Number;
        Abi = FilterCompiler.AbiOf(notification.Data.Architecture, Number);
        Name = Abi is { } abi ? CallNumbers.NameOf(abi, Number) : null;
        InstructionPointer = notification.Data.InstructionPointer;
        ReadOnlySpan<ulong> arguments = notification.Data.Arguments;
        Arguments = [.. arguments];
    }

    /// <summary>The thread that waits, by its number in this process's PID namespace; 0 where it has none there.</summary>
    public int ThreadId { get; }

    /// <summary>The call's number, which depends on <see cref="Abi"/>.</summary>
    public int Number { get; }

    /// <summary>By which way it was made; null where that is unknown.</summary>
    public FilterAbi? Abi { get; }

    /// <summary>The call's name; null where the number is unknown.</summary>
    public string? Name { get; }

    /// <summary>Six registers, whether the call has so many arguments or not.</summary>
    public ImmutableArray<ulong> Arguments { get; }

    /// <summary>Where the program is.</summary>
    public ulong InstructionPointer { get; }

    /// <summary>Somebody still waits for the answer. SECCOMP_IOCTL_NOTIF_ID_VALID.</summary>
    public bool IsWaiting => SeccompNotifications.IsWaiting(listener, id);

    /// <summary>
    /// Reads the caller's memory, and makes sure afterwards that it still waits: else the memory may have been another
    /// process's. What is read can be changed by the caller's other threads at any time.
    /// </summary>
    /// <param name="address">Where.</param>
    /// <param name="buffer">Gets what is there.</param>
    /// <returns>How many bytes were read: fewer where the memory ends.</returns>
    /// <exception cref="KernelException">EFAULT: nothing is there. ENOENT: it waits no more. EPERM: no right to ptrace it.</exception>
    public int ReadMemory(ulong address, Span<byte> buffer) =>
        Waiting(ProcessMemory.Read(ThreadId, address, buffer)).OrThrow("read the memory of", $"thread {ThreadId}");

    /// <summary>Reads bytes that end with a zero, without it: a path, say.</summary>
    /// <param name="address">Where.</param>
    /// <param name="maximum">How many bytes at most.</param>
    /// <exception cref="KernelException">See <see cref="ReadMemory"/>. ENAMETOOLONG: there is no zero.</exception>
    public BytePath ReadBytes(ulong address, int maximum = PageSize)
    {
        byte[] buffer = new byte[maximum];
        int length = 0;
        while (length < maximum)
        {
            // Not over the end of a page: what follows may not be there.
            int step = (int)Math.Min((ulong)(maximum - length), PageSize - ((address + (ulong)length) % PageSize));
            int read = ReadMemory(address + (ulong)length, buffer.AsSpan(length, step));
            int zero = buffer.AsSpan(length, read).IndexOf((byte)0);
            if (zero >= 0)
            {
                return BytePath.FromBytes(buffer.AsSpan(0, length + zero));
            }

            length += read;
        }

        throw new KernelException(Errno.ENAMETOOLONG, "read a text of", $"thread {ThreadId}");
    }

    /// <summary>The same as text, UTF-8.</summary>
    /// <exception cref="KernelException">See <see cref="ReadBytes"/>.</exception>
    public string ReadString(ulong address, int maximum = PageSize) =>
        Encoding.UTF8.GetString(ReadBytes(address, maximum).Bytes);

    /// <summary>
    /// Writes into the caller's memory, for a call that is answered by <see cref="SystemCallReply.Return"/>. It is made sure
    /// before and after that the caller waits; a process that takes its number in between is written to, which only one that
    /// may be traced anyway can bring about.
    /// </summary>
    /// <exception cref="KernelException">EFAULT: nothing is there, or read-only. ENOENT: it waits no more.</exception>
    public int WriteMemory(ulong address, ReadOnlySpan<byte> content)
    {
        Waiting(new SysResult<int>(0, Errno.None)).OrThrow("write to the memory of", $"thread {ThreadId}");
        return Waiting(ProcessMemory.Write(ThreadId, address, content))
            .OrThrow("write to the memory of", $"thread {ThreadId}");
    }

    /// <summary>
    /// Gives the caller a duplicate of a descriptor without answering the call. SECCOMP_IOCTL_NOTIF_ADDFD, Linux 5.9.
    /// </summary>
    /// <param name="file">The descriptor; stays the caller's of this method.</param>
    /// <param name="closeOnExec">It is closed by execve there.</param>
    /// <param name="number">The number to have there, closing what it stood for; null is the lowest that is free.</param>
    /// <returns>Its number there.</returns>
    /// <exception cref="KernelException">ENOENT: it waits no more. EMFILE: it has no number left.</exception>
    public int AddDescriptor(FileDescriptor file, bool closeOnExec, int? number = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(number ?? 0, nameof(number));
        return SeccompNotifications
            .AddDescriptor(listener, id, file, number, closeOnExec, send: false)
            .OrThrow("give a descriptor to", $"thread {ThreadId}");
    }

    /// <summary>The call as strace would print it, with its arguments in hexadecimal.</summary>
    public override string ToString() =>
        $"{Name ?? $"call {Number}"}({string.Join(", ", Arguments.Select(argument => $"0x{argument:x}"))})";

    /// <summary>Answers; ENOENT where nobody waits any more.</summary>
    internal SysResult Answer(SystemCallReply reply)
    {
        if (reply.What == SystemCallReply.Kind.Descriptor)
        {
            SysResult<int> sent = SeccompNotifications.AddDescriptor(
                listener,
                id,
                reply.File!,
                reply.Number,
                reply.CloseOnExec,
                send: true
            );
            return sent.Ok || sent.Errno == Errno.ENOENT ? new(sent.Errno) : Answer(SystemCallReply.Fail(sent.Errno));
        }

        int errno = reply.Value == 0 ? (int)Errno.EPERM : (int)reply.Value;
        return SeccompNotifications.Send(
            listener,
            new SeccompResponse
            {
                Id = id,
                Value = reply.What == SystemCallReply.Kind.Return ? reply.Value : 0,
                Error = reply.What == SystemCallReply.Kind.Fail ? -errno : 0,
                Flags =
                    reply.What == SystemCallReply.Kind.Continue
                        ? SeccompResponseFlags.SECCOMP_USER_NOTIF_FLAG_CONTINUE
                        : SeccompResponseFlags.None,
            }
        );
    }

    private SysResult<int> Waiting(SysResult<int> done) => IsWaiting ? done : new(0, Errno.ENOENT);
}
