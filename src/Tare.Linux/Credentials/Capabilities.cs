using System.Buffers.Text;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Capabilities of threads: the kernel keeps them per thread, and only the calling one's can be set. capabilities(7).</summary>
public static class Capabilities
{
    private static int _last = -1;

    /// <summary>
    /// The last capability that the running kernel knows, from /proc/sys/kernel/cap_last_cap, or by asking for each where
    /// /proc is not there.
    /// </summary>
    public static Capability Last
    {
        get
        {
            int last = Volatile.Read(ref _last);
            if (last < 0)
            {
                last = FindLast();
                Volatile.Write(ref _last, last);
            }

            return (Capability)last;
        }
    }

    /// <summary>The three sets of a thread; 0 is the caller. capget(2).</summary>
    public static SysResult<CapabilityState> Get(int threadId = 0)
    {
        nint raw = Interop.capget(threadId, out CapabilityData low, out CapabilityData high);
        return new(
            new(
                Join(low.Effective, high.Effective),
                Join(low.Permitted, high.Permitted),
                Join(low.Inheritable, high.Inheritable)
            ),
            Interop.ErrnoOf(raw)
        );
    }

    /// <summary>Sets the three sets of the calling thread. EPERM: more than was permitted. capset(2).</summary>
    public static SysResult Set(CapabilityState state)
    {
        CapabilityData low = new()
        {
            Effective = (uint)state.Effective.Bits,
            Permitted = (uint)state.Permitted.Bits,
            Inheritable = (uint)state.Inheritable.Bits,
        };
        CapabilityData high = new()
        {
            Effective = (uint)(state.Effective.Bits >> 32),
            Permitted = (uint)(state.Permitted.Bits >> 32),
            Inheritable = (uint)(state.Inheritable.Bits >> 32),
        };
        return Interop.Result(Interop.capset(low, high));
    }

    /// <summary>Whether a capability can still be gained by execve. EINVAL: the kernel does not know it. PR_CAPBSET_READ.</summary>
    public static SysResult<bool> IsInBoundingSet(Capability capability)
    {
        nint raw = Interop.prctl(PrctlOption.PR_CAPBSET_READ, (nint)(int)capability);
        return new(raw == 1, Interop.ErrnoOf(raw));
    }

    /// <summary>Gives a capability up for good. PR_CAPBSET_DROP.</summary>
    public static SysResult DropFromBoundingSet(Capability capability) =>
        Interop.Result(Interop.prctl(PrctlOption.PR_CAPBSET_DROP, (nint)(int)capability));

    /// <summary>All that can still be gained by execve.</summary>
    public static CapabilitySet GetBoundingSet()
    {
        CapabilitySet set = default;
        for (Capability capability = 0; capability <= Last; capability++)
        {
            if (IsInBoundingSet(capability).Value)
            {
                set = set.With(capability);
            }
        }

        return set;
    }

    /// <summary>Whether a capability is kept over execve of ordinary files. PR_CAP_AMBIENT_IS_SET, Linux 4.3.</summary>
    public static SysResult<bool> IsAmbient(Capability capability)
    {
        nint raw = Ambient(AmbientOperation.PR_CAP_AMBIENT_IS_SET, capability);
        return new(raw == 1, Interop.ErrnoOf(raw));
    }

    /// <summary>Keeps a capability over execve; it must be permitted and inheritable. PR_CAP_AMBIENT_RAISE.</summary>
    public static SysResult RaiseAmbient(Capability capability) =>
        Interop.Result(Ambient(AmbientOperation.PR_CAP_AMBIENT_RAISE, capability));

    /// <summary>Keeps none over execve. PR_CAP_AMBIENT_CLEAR_ALL.</summary>
    public static SysResult ClearAmbient() =>
        Interop.Result(Ambient(AmbientOperation.PR_CAP_AMBIENT_CLEAR_ALL, (Capability)0));

    private static nint Ambient(AmbientOperation operation, Capability capability) =>
        Interop.prctl(PrctlOption.PR_CAP_AMBIENT, (nint)(int)operation, (nint)(int)capability);

    private static CapabilitySet Join(uint low, uint high) => new(low | ((ulong)high << 32));

    private static int FindLast()
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, "/proc/sys/kernel/cap_last_cap", 64);
        if (text.Ok && Utf8Parser.TryParse(text.Value, out int last, out _) && last is >= 0 and < 64)
        {
            return last;
        }

        last = 0;
        while (last < 63 && IsInBoundingSet((Capability)(last + 1)).Ok)
        {
            last++;
        }

        return last;
    }
}
