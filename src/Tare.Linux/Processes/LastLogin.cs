using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// When a user logged in last: struct lastlog, of which /var/log/lastlog has one for each user id, most of them a hole in the
/// file. Newer systems have none. lastlog(8).
/// </summary>
/// <param name="Time">When, to the second.</param>
/// <param name="Line">The terminal, without /dev/.</param>
/// <param name="Host">Where the session came from.</param>
public sealed record LastLogin(DateTimeOffset Time, string Line, string Host)
{
    private const int LineSize = 32;
    private const int HostSize = 256;

    /// <summary>Reads the record of a user; null: there was no login, or the file ends before. ENOENT: there is no such file.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="file">The file.</param>
    public static SysResult<LastLogin?> Read(uint uid, string file = "/var/log/lastlog")
    {
        SysResult<FileFd> opened = Files.OpenAt(null, file, OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return new(null, opened.Errno);
        }

        using FileFd records = opened.Value;
        byte[] record = new byte[SizeOf(LoginRecord.HasLongTimes)];
        SysResult<int> read = Files.ReadAt(records, record, (long)uid * record.Length);
        return read.Ok && read.Value == record.Length
            ? new(Parse(record, LoginRecord.HasLongTimes), Errno.None)
            : new(null, read.Errno);
    }

    internal static int SizeOf(bool longTimes) => (longTimes ? sizeof(long) : sizeof(int)) + LineSize + HostSize;

    internal static LastLogin? Parse(ReadOnlySpan<byte> record, bool longTimes)
    {
        long seconds = longTimes
            ? BinaryPrimitives.ReadInt64LittleEndian(record)
            : BinaryPrimitives.ReadInt32LittleEndian(record);
        ReadOnlySpan<byte> texts = record[(longTimes ? sizeof(long) : sizeof(int))..];
        return seconds == 0
            ? null
            : new(
                LoginRecord.TimeOf(seconds, 0),
                LoginRecord.Text(texts[..LineSize]),
                LoginRecord.Text(texts.Slice(LineSize, HostSize))
            );
    }
}
