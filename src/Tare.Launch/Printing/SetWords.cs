using System.Numerics;
using Tare.Linux.Abi;

namespace Tare.Launch.Printing;

/// <summary>Sets that the kernel keeps as bits, by the names of their members.</summary>
internal static class SetWords
{
    /// <summary>
    /// One of the three sets of capset(2)'s data. linux/capability.h: the low word is in the first and the high word in the
    /// second struct of 12 bytes.
    /// </summary>
    public static string Capabilities(ReadOnlySpan<byte> bytes, int offset)
    {
        ulong set = NumberWords.UInt32At(bytes, offset) | ((ulong)NumberWords.UInt32At(bytes, offset + 12) << 32);
        return set == ulong.MaxValue ? "all" : Members(set, bit => EnumWords.Of((Capability)bit));
    }

    /// <summary>A signal set; its bit 0 is signal 1.</summary>
    public static string Signals(ulong set) =>
        set == ulong.MaxValue ? "all" : Members(set, bit => EnumWords.Of((Signal)(bit + 1)));

    private static string Members(ulong set, Func<int, string> name)
    {
        List<string> members = [];
        for (; set != 0; set &= set - 1)
        {
            members.Add(name(BitOperations.TrailingZeroCount(set)));
        }

        return members.Count == 0 ? "0" : string.Join('|', members);
    }
}
