using System.Text;

namespace Tare.Launch;

/// <summary>
/// Texts as the kernel takes argv and envp: each in UTF-8 with a zero behind it, one after the other. Made once for a plan, so
/// that a launch costs no memory that grows with the environment.
/// </summary>
internal sealed class TextBlock
{
    /// <summary>Encodes the texts.</summary>
    /// <exception cref="ArgumentException">A text contains a zero.</exception>
    public TextBlock(IReadOnlyList<string> texts)
    {
        Texts = texts;
        Offsets = new int[texts.Count];
        int size = 0;
        for (int i = 0; i < Offsets.Length; i++)
        {
            if (texts[i].Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException("a text for the kernel cannot contain a zero byte", nameof(texts));
            }

            Offsets[i] = size;
            size += Encoding.UTF8.GetByteCount(texts[i]) + 1;
        }

        byte[] bytes = new byte[size];
        for (int i = 0; i < Offsets.Length; i++)
        {
            Encoding.UTF8.GetBytes(texts[i], bytes.AsSpan(Offsets[i]));
        }

        Bytes = bytes;
    }

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>Where each begins in <see cref="Bytes"/>.</summary>
    public int[] Offsets { get; }

    /// <summary>All of them.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The bytes of the array of addresses, with the null that ends it.</summary>
    public int ArraySize => (Offsets.Length + 1) * sizeof(ulong);
}
