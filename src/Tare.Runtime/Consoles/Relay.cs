using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Consoles;

/// <summary>One direction of a relay: what is read at one descriptor and not yet written to the other.</summary>
internal sealed class Relay(FileDescriptor from, FileDescriptor to)
{
    private readonly byte[] bytes = new byte[16 * 1024];
    private int start;
    private int end;

    /// <summary>Nothing more comes.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Nobody takes anything any more.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>There is something to write.</summary>
    public bool IsFull => end > start;

    /// <summary>There is room to read.</summary>
    public bool WantsInput => !IsAtEnd && !IsBroken && end == 0;

    /// <summary>Reads what is there. EIO is how a terminal says that its other side is gone.</summary>
    public void Read()
    {
        SysResult<int> count = Files.Read(from, bytes);
        if (count.Errno == Errno.EAGAIN)
        {
            return;
        }

        start = 0;
        end = count.Ok ? count.Value : 0;
        IsAtEnd = end == 0;
    }

    /// <summary>Writes what is taken.</summary>
    public void Write()
    {
        SysResult<int> count = Files.Write(to, bytes.AsSpan(start, end - start));
        if (count.Errno == Errno.EAGAIN)
        {
            return;
        }

        IsBroken = !count.Ok;
        start += count.Value;
        if (start == end || IsBroken)
        {
            start = 0;
            end = 0;
        }
    }
}
