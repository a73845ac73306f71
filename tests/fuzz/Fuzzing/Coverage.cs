using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Tare.Fuzz.Fuzzing;

/// <summary>
/// Which branches an input takes, and about how often: SharpFuzz has put a counter at each of the libraries' branches.
/// Where it has not, nothing is ever new.
/// </summary>
internal sealed unsafe class Coverage : IDisposable
{
    private const int Size = 64 * 1024;
    private readonly byte* _counts = (byte*)NativeMemory.AllocZeroed(Size);
    private readonly byte[] _seen = new byte[Size];

    public Coverage() => Trace.SharedMem = _counts;

    /// <summary>Branches that were taken by anything so far.</summary>
    public int Branches => _seen.Count(bits => bits != 0);

    /// <summary>Forgets what the last input did.</summary>
    public void Begin()
    {
        new Span<byte>(_counts, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether the input that was tried since took a branch that none took, or took one far more often.</summary>
    public bool IsNew()
    {
        bool isNew = false;
        ReadOnlySpan<byte> counts = new(_counts, Size);
        int at;
        for (int from = 0; (at = counts[from..].IndexOfAnyExcept((byte)0)) >= 0; )
        {
            from += at;
            byte bucket = Bucket(counts[from]);
            isNew |= (_seen[from] & bucket) == 0;
            _seen[from] |= bucket;
            if (++from == Size)
            {
                break;
            }
        }

        return isNew;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The counters stay: branches may be taken until the process ends.
    }

    private static byte Bucket(byte count) =>
        count switch
        {
            1 => 1,
            2 => 2,
            3 => 4,
            < 8 => 8,
            < 16 => 16,
            < 32 => 32,
            < 128 => 64,
            _ => 128,
        };
}
