using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Steps that give a process its capabilities. capabilities(7).</summary>
public static class CapabilityCalls
{
    private static readonly string[] BoundingWords = MakeBoundingWords();

    /// <summary>Takes away for good what is not to be kept. CAP_SETPCAP must be in force. PR_CAPBSET_DROP.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="keep">What stays, a bit for each capability.</param>
    public static void DropBounding(LaunchPlanBuilder plan, ulong keep)
    {
        Argument drop = Argument.Flags(PrctlOption.PR_CAPBSET_DROP);
        for (int i = 0; i < CapabilityNames.All.Length; i++)
        {
            if ((keep & (1UL << i)) != 0)
            {
                continue;
            }

            Argument capability = Argument.Flags((Capability)i);
            if (i <= (int)Capability.CAP_AUDIT_READ)
            {
                plan.Call(BoundingWords[i], Syscall.prctl, drop, capability);
            }
            else
            {
                // A capability that this kernel does not know need not be dropped.
                plan.Add(
                    new CallStep(BoundingWords[i], Syscall.prctl, [drop, capability]) { Tolerated = [Errno.EINVAL] }
                );
            }
        }
    }

    /// <summary>Sets effective, permitted and inheritable ones; nothing else of <paramref name="sets"/> is looked at. capset(2).</summary>
    public static void Set(LaunchPlanBuilder plan, string words, CapabilitySets sets)
    {
        CapabilityHeader header = new() { Version = CapabilityHeader.Version3 };
        ReadOnlySpan<CapabilityData> data = [Half(sets, 0), Half(sets, 32)];
        plan.Call(
            words,
            Syscall.capset,
            Argument.Struct(MemoryMarshal.AsBytes(new ReadOnlySpan<CapabilityHeader>(in header))),
            Argument.Struct(MemoryMarshal.AsBytes(data))
        );
    }

    /// <summary>Makes some ambient, which must be permitted and inheritable by then. PR_CAP_AMBIENT_RAISE.</summary>
    public static void RaiseAmbient(LaunchPlanBuilder plan, ulong ambient)
    {
        for (int i = 0; i < CapabilityNames.All.Length; i++)
        {
            if ((ambient & (1UL << i)) != 0)
            {
                plan.Call(
                    $"make {CapabilityNames.All[i]} ambient",
                    Syscall.prctl,
                    Argument.Flags(PrctlOption.PR_CAP_AMBIENT),
                    Argument.Flags(AmbientOperation.PR_CAP_AMBIENT_RAISE),
                    Argument.Flags((Capability)i),
                    0,
                    0
                );
            }
        }
    }

    private static string[] MakeBoundingWords()
    {
        string[] words = new string[CapabilityNames.All.Length];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = $"drop {CapabilityNames.All[i]} for good";
        }

        return words;
    }

    private static CapabilityData Half(CapabilitySets sets, int shift) =>
        new()
        {
            Effective = (uint)(sets.Effective >> shift),
            Permitted = (uint)(sets.Permitted >> shift),
            Inheritable = (uint)(sets.Inheritable >> shift),
        };
}
