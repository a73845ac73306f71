namespace Tare.Linux;

/// <summary>
/// Bytes that nobody can guess, from the kernel. Not by System.Security.Cryptography: that loads OpenSSL, and with it a second
/// C library, into programs that are linked statically, whose memory it destroys.
/// </summary>
public static class RandomBytes
{
    // More could be given in parts. getrandom(2).
    private const int Most = 256;

    /// <summary>Fills a buffer; waits only while the machine has just started. getrandom(2), Linux 3.17.</summary>
    /// <param name="buffer">At most 256 bytes, which are never interrupted.</param>
    /// <exception cref="ArgumentException">The buffer is longer.</exception>
    public static void Fill(Span<byte> buffer)
    {
        if (buffer.Length > Most)
        {
            throw new ArgumentException($"at most {Most} bytes", nameof(buffer));
        }

        nint raw = Interop.getrandom(buffer);
        Interop.Result(raw).OrThrow("get random bytes");
    }
}
