using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// What a listener at <see cref="CoreDumpTarget.NegotiatingSocket"/> hears and says before a dump: struct coredump_req, struct
/// coredump_ack, a mark. Linux 6.17, linux/coredump.h.
/// </summary>
public static class CoreDumpSocket
{
    private const int Size = 16; // COREDUMP_REQ_SIZE_VER0, COREDUMP_ACK_SIZE_VER0
    private const int LongestRequest = 4096;

    /// <summary>Reads what the kernel can do. EPROTO: it is no request; ENODATA: the connection ends in it.</summary>
    /// <param name="connection">What was accepted, before anything is read from it.</param>
    public static SysResult<CoreDumpActions> ReadRequest(SocketFd connection)
    {
        byte[] head = new byte[Size];
        SysResult read = Fill(connection, head);
        if (!read.Ok)
        {
            return new(CoreDumpActions.None, read.Errno);
        }

        uint whole = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (whole is < Size or > LongestRequest)
        {
            return new(CoreDumpActions.None, Errno.EPROTO);
        }

        // Newer kernels say more.
        read = Fill(connection, new byte[whole - Size]);
        return new((CoreDumpActions)BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(8)), read.Errno);
    }

    /// <summary>
    /// Says what is wanted, of what the kernel can, and hears whether that is done (COREDUMP_MARK_REQACK). One of
    /// COREDUMP_KERNEL, _USERSPACE and _REJECT is needed, and COREDUMP_WAIT may be with it. After COREDUMP_KERNEL the dump follows.
    /// ENODATA: the connection ends.
    /// </summary>
    public static SysResult<CoreDumpMark> Answer(SocketFd connection, CoreDumpActions wanted)
    {
        Span<byte> answer = stackalloc byte[Size];
        answer.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(answer, Size);
        BinaryPrimitives.WriteUInt64LittleEndian(answer[8..], (ulong)wanted);
        SysResult said = Files.WriteAll(connection, answer);
        byte[] mark = new byte[1];
        said = said.Ok ? Fill(connection, mark) : said;
        return new((CoreDumpMark)mark[0], said.Errno);
    }

    private static SysResult Fill(SocketFd connection, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            SysResult<int> count = Files.Read(connection, bytes);
            if (count is not { Ok: true, Value: > 0 })
            {
                return new(count.Ok ? Errno.ENODATA : count.Errno);
            }

            bytes = bytes[count.Value..];
        }

        return new(Errno.None);
    }
}
