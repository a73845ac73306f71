using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Handing descriptors to another process. unix(7), SCM_RIGHTS.</summary>
public static class DescriptorPassing
{
    /// <summary>The most descriptors that one message can carry.</summary>
    public const int MaximumDescriptors = 253;

    /// <summary>The size of a struct cmsghdr, in bytes; what follows is aligned to 8.</summary>
    private const int HeadLength = 16;

    /// <summary>
    /// Sends a payload, which must not be empty on a stream, and duplicates of descriptors with it. EPIPE, never SIGPIPE,
    /// where nobody listens any more. sendmsg(2).
    /// </summary>
    public static SysResult Send(
        SocketFd socket,
        ReadOnlySpan<byte> payload,
        params ReadOnlySpan<FileDescriptor> descriptors
    )
    {
        if (descriptors.Length > MaximumDescriptors)
        {
            return new(Errno.EINVAL);
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

            return Interop.Result(raw);
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
        byte[] control = new byte[HeadLength + Aligned(Math.Clamp(maximum, 0, MaximumDescriptors) * sizeof(int))];
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

        List<FileFd> descriptors = [];
        foreach (int number in NumbersIn(control.AsSpan(0, length)))
        {
            descriptors.Add(new FileFd(number));
        }

        bool truncated = (flags & (MessageFlags.MSG_TRUNC | MessageFlags.MSG_CTRUNC)) != 0;
        return new(new((int)raw, truncated, descriptors), Errno.None);
    }

    /// <summary>The descriptors' numbers in ancillary data; other kinds of it are passed over.</summary>
    internal static List<int> NumbersIn(ReadOnlySpan<byte> control)
    {
        List<int> numbers = [];
        while (control.Length >= HeadLength)
        {
            long length = BinaryPrimitives.ReadInt64LittleEndian(control);
            if (length < HeadLength || length > control.Length)
            {
                break;
            }

            if (
                BinaryPrimitives.ReadInt32LittleEndian(control[8..]) == (int)SocketLevel.SOL_SOCKET
                && BinaryPrimitives.ReadInt32LittleEndian(control[12..]) == (int)AncillaryType.SCM_RIGHTS
            )
            {
                ReadOnlySpan<byte> rights = control[HeadLength..(int)length];
                for (; rights.Length >= sizeof(int); rights = rights[sizeof(int)..])
                {
                    numbers.Add(BinaryPrimitives.ReadInt32LittleEndian(rights));
                }
            }

            control = control[(int)Math.Min(control.Length, Aligned(length))..];
        }

        return numbers;
    }

    private static long Aligned(long length) => (length + 7) & ~7L;
}
