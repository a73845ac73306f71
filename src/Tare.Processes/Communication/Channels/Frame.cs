using System.Buffers.Binary;
using Tare.Linux;

namespace Tare.Processes;

/// <summary>What a frame of a <see cref="ProcessChannel"/> is.</summary>
internal enum FrameKind : byte
{
    Request = 1,
    Response = 2,
    Error = 3,
    Cancel = 4,
}

/// <summary>One frame of a <see cref="ProcessChannel"/>, whose form is described there.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Which request it is about.</param>
/// <param name="Body">The bytes after the head.</param>
/// <param name="Descriptors">The descriptors that came with it, the receiver's.</param>
internal readonly record struct Frame(
    FrameKind Kind,
    ulong Id,
    ReadOnlyMemory<byte> Body,
    IReadOnlyList<FileFd> Descriptors
) : IDisposable
{
    /// <summary>The size of a frame's head, in bytes.</summary>
    public const int HeadLength = 16;

    /// <summary>A frame as it is sent.</summary>
    public static byte[] Encode(FrameKind kind, ulong id, ReadOnlySpan<byte> body, int descriptors)
    {
        byte[] frame = new byte[HeadLength + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        frame[4] = (byte)kind;
        frame[5] = (byte)descriptors;
        BinaryPrimitives.WriteUInt64LittleEndian(frame.AsSpan(8), id);
        body.CopyTo(frame.AsSpan(HeadLength));
        return frame;
    }

    /// <summary>Closes the descriptors.</summary>
    public void Dispose()
    {
        foreach (FileFd descriptor in Descriptors ?? [])
        {
            descriptor.Dispose();
        }
    }
}
