using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Handing descriptors to another process. unix(7), SCM_RIGHTS.</summary>
public static class DescriptorPassing
{
    /// <summary>The most descriptors that one message can carry.</summary>
    public const int MaximumDescriptors = 253;

    /// <summary>The size of a struct cmsghdr, in bytes; what follows is aligned to 8.</summary>
    private const int HeadLength = 16;

    /// <summary>What a sender's credentials and its pidfd take, in bytes.</summary>
    private const int SenderLength = 32 + 24;

    /// <summary>
    /// Sends a payload, which must not be empty on a stream, and duplicates of descriptors with it. EPIPE, never SIGPIPE,
    /// where nobody listens any more. sendmsg(2).
    /// </summary>
    public static SysResult Send(
        SocketFd socket,
        ReadOnlySpan<byte> payload,
        params ReadOnlySpan<FileDescriptor> descriptors
    ) => new(SendSome(socket, payload, descriptors).Errno);

    /// <summary>The same, and how many bytes were taken: on a stream they may be fewer, the descriptors have gone then.</summary>
    public static SysResult<int> SendSome(
        SocketFd socket,
        ReadOnlySpan<byte> payload,
        params ReadOnlySpan<FileDescriptor> descriptors
    )
    {
        if (descriptors.Length > MaximumDescriptors)
        {
            return new(0, Errno.EINVAL);
        }

        byte[] control = descriptors.IsEmpty ? [] : new byte[HeadLength + Aligned(descriptors.Length * sizeof(int))];
        int held = 0;
        try
        {
            for (; held < descriptors.Length; held++)
            {
                bool added = false;
                descriptors[held].DangerousAddRef(ref added);
                BinaryPrimitives.WriteInt32LittleEndian(
                    control.AsSpan(HeadLength + (held * sizeof(int))),
                    (int)descriptors[held].DangerousGetHandle()
                );
            }

            if (control.Length > 0)
            {
                int length = HeadLength + (descriptors.Length * sizeof(int));
                BinaryPrimitives.WriteInt64LittleEndian(control, length);
                BinaryPrimitives.WriteInt32LittleEndian(control.AsSpan(8), (int)SocketLevel.SOL_SOCKET);
                BinaryPrimitives.WriteInt32LittleEndian(control.AsSpan(12), (int)AncillaryType.SCM_RIGHTS);
            }

            using Borrowed descriptor = new(socket);
            nint raw;
            do
            {
                raw = Interop.sendmsg(descriptor.Number, payload, control, MessageFlags.MSG_NOSIGNAL);
            } while (Interop.Interrupted(raw));

            return Interop.IntResult(raw);
        }
        finally
        {
            while (held > 0)
            {
                descriptors[--held].DangerousRelease();
            }
        }
    }

    /// <summary>Waits for a message; EAGAIN where the socket does not block. recvmsg(2) with MSG_CMSG_CLOEXEC.</summary>
    /// <param name="socket">A socket of the AF_UNIX family.</param>
    /// <param name="payload">Where the payload goes.</param>
    /// <param name="maximum">How many descriptors to accept; the kernel closes the rest.</param>
    public static SysResult<ReceivedMessage> Receive(SocketFd socket, Span<byte> payload, int maximum = 16)
    {
        byte[] control = new byte[
            HeadLength + Aligned(Math.Clamp(maximum, 0, MaximumDescriptors) * sizeof(int)) + SenderLength
        ];
        using Borrowed descriptor = new(socket);
        nint raw;
        int length;
        MessageFlags flags;
        do
        {
            raw = Interop.recvmsg(
                descriptor.Number,
                payload,
                control,
                MessageFlags.MSG_CMSG_CLOEXEC,
                out length,
                out flags
            );
        } while (Interop.Interrupted(raw));

        if (raw < 0)
        {
            return Interop.Failed<ReceivedMessage>(raw);
        }

        // More than was asked for can fit where the sender's part is not used.
        List<FileFd> descriptors = [];
        bool truncated = (flags & (MessageFlags.MSG_TRUNC | MessageFlags.MSG_CTRUNC)) != 0;
        foreach (int number in NumbersIn(control.AsSpan(0, length)))
        {
            FileFd received = new(number);
            if (descriptors.Count < maximum)
            {
                descriptors.Add(received);
            }
            else
            {
                received.Dispose();
                truncated = true;
            }
        }

        (UCred? sender, int? process) = SenderIn(control.AsSpan(0, length));
        return new(
            new((int)raw, truncated, descriptors)
            {
                Sender = sender,
                SenderProcess = process is >= 0 and { } pidfd ? new PidFd(pidfd) : null,
            },
            Errno.None
        );
    }

    /// <summary>The descriptors' numbers in ancillary data; other kinds of it are passed over.</summary>
    internal static List<int> NumbersIn(ReadOnlySpan<byte> control)
    {
        List<int> numbers = [];
        while (Next(ref control, out AncillaryType type, out ReadOnlySpan<byte> data))
        {
            for (; type == AncillaryType.SCM_RIGHTS && data.Length >= sizeof(int); data = data[sizeof(int)..])
            {
                numbers.Add(BinaryPrimitives.ReadInt32LittleEndian(data));
            }
        }

        return numbers;
    }

    /// <summary>The sender's credentials and pidfd in ancillary data, where they are there.</summary>
    internal static (UCred? Sender, int? Process) SenderIn(ReadOnlySpan<byte> control)
    {
        UCred? sender = null;
        int? process = null;
        while (Next(ref control, out AncillaryType type, out ReadOnlySpan<byte> data))
        {
            if (type == AncillaryType.SCM_CREDENTIALS && data.Length >= 12)
            {
                sender = MemoryMarshal.Read<UCred>(data);
            }
            else if (type == AncillaryType.SCM_PIDFD && data.Length >= sizeof(int))
            {
                process = BinaryPrimitives.ReadInt32LittleEndian(data);
            }
        }

        return (sender, process);
    }

    // The next piece at level SOL_SOCKET.
    private static bool Next(ref ReadOnlySpan<byte> control, out AncillaryType type, out ReadOnlySpan<byte> data)
    {
        while (control.Length >= HeadLength)
        {
            long length = BinaryPrimitives.ReadInt64LittleEndian(control);
            if (length < HeadLength || length > control.Length)
            {
                break;
            }

            SocketLevel level = (SocketLevel)BinaryPrimitives.ReadInt32LittleEndian(control[8..]);
            type = (AncillaryType)BinaryPrimitives.ReadInt32LittleEndian(control[12..]);
            data = control[HeadLength..(int)length];
            control = control[(int)Math.Min(control.Length, Aligned(length))..];
            if (level == SocketLevel.SOL_SOCKET)
            {
                return true;
            }
        }

        type = default;
        data = default;
        return false;
    }

    private static long Aligned(long length) => (length + 7) & ~7L;
}
