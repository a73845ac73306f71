using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

/// <summary>The other side of a container's terminal, as a caller of the runtime has it.</summary>
internal sealed class TerminalSide(FileFd master) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly StringBuilder _seen = new();

    // A character may come in two pieces.
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>The descriptor.</summary>
    public FileFd Master => master;

    /// <summary>Everything that was shown so far.</summary>
    public string Seen => _seen.ToString();

    /// <summary>Types a text.</summary>
    public void Type(string text) => Files.WriteAll(master, Encoding.UTF8.GetBytes(text)).OrThrow("write");

    /// <summary>Reads until a text has been shown.</summary>
    public void WaitForText(string text)
    {
        while (!Seen.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(ReadOn(), $"the terminal has not shown '{text}', but:\n{Seen}");
        }
    }

    /// <summary>Reads until nobody has the terminal open any more; gives all that was shown.</summary>
    public string ReadToEnd()
    {
        while (ReadOn())
        {
            // Until the end.
        }

        return Seen;
    }

    /// <inheritdoc/>
    public void Dispose() => master.Dispose();

    // EIO is how a terminal says that its other side is gone.
    private bool ReadOn()
    {
        Assert.NotEqual(PollEvents.None, Poll.Wait(master, PollEvents.POLLIN, Longest).OrThrow("poll"));
        Span<byte> buffer = new byte[4096];
        SysResult<int> count = Files.Read(master, buffer);
        if (count.Ok)
        {
            Span<char> text = new char[buffer.Length + 1];
            _seen.Append(text[.._decoder.GetChars(buffer[..count.Value], text, flush: false)]);
        }

        return count is { Ok: true, Value: > 0 };
    }
}
