using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Both ends of a pipe; each belongs to the caller.</summary>
/// <param name="ReadEnd">What was written comes out here; at its end when every write end is closed.</param>
/// <param name="WriteEnd">Here it goes in; EPIPE when every read end is closed.</param>
public readonly record struct PipePair(PipeFd ReadEnd, PipeFd WriteEnd) : IDisposable
{
    /// <summary>Closes both ends.</summary>
    public void Dispose()
    {
        ReadEnd?.Dispose();
        WriteEnd?.Dispose();
    }
}

/// <summary>Pipes. pipe(7).</summary>
public static class Pipes
{
    /// <summary>A new pipe, both ends close-on-exec. pipe2(2).</summary>
    public static SysResult<PipePair> Create(OpenFlags flags = OpenFlags.O_RDONLY)
    {
        nint raw = Interop.pipe2(flags | OpenFlags.O_CLOEXEC, out int readEnd, out int writeEnd);
        return raw < 0
            ? Interop.Failed<PipePair>(raw)
            : new(new(new PipeFd(readEnd), new PipeFd(writeEnd)), Errno.None);
    }
}
