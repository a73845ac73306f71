using System.Numerics;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A set of capabilities: 64 bits, CAP_CHOWN in the lowest. capabilities(7).</summary>
/// <param name="Bits">The bits.</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    /// <summary>None.</summary>
    public static CapabilitySet Empty => default;

    /// <summary>The given ones.</summary>
    public static CapabilitySet Of(params ReadOnlySpan<Capability> capabilities)
    {
        CapabilitySet set = default;
        foreach (Capability capability in capabilities)
        {
            set = set.With(capability);
        }

        return set;
    }

    /// <summary>All up to and including one: with <see cref="Capabilities.Last"/>, all that the kernel knows.</summary>
    public static CapabilitySet UpTo(Capability last) => new(ulong.MaxValue >> (63 - (int)last));

    /// <summary>How many there are.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>The capability is in the set.</summary>
    public bool Contains(Capability capability) => (Bits & Bit(capability)) != 0;

    /// <summary>The set and one more.</summary>
    public CapabilitySet With(Capability capability) => new(Bits | Bit(capability));

    /// <summary>The set without one.</summary>
    public CapabilitySet Without(Capability capability) => new(Bits & ~Bit(capability));

    /// <summary>What is in either.</summary>
    public static CapabilitySet operator |(CapabilitySet left, CapabilitySet right) => new(left.Bits | right.Bits);

    /// <summary>What is in both.</summary>
    public static CapabilitySet operator &(CapabilitySet left, CapabilitySet right) => new(left.Bits & right.Bits);

    /// <summary>What is in both; see the operator.</summary>
    public static CapabilitySet BitwiseAnd(CapabilitySet left, CapabilitySet right) => left & right;

    /// <summary>What is in either; see the operator.</summary>
    public static CapabilitySet BitwiseOr(CapabilitySet left, CapabilitySet right) => left | right;

    /// <summary>Every one of this set is in the other.</summary>
    public bool IsSubsetOf(CapabilitySet other) => (Bits & ~other.Bits) == 0;

    /// <summary>The capabilities one by one, in the kernel's order.</summary>
    public IEnumerable<Capability> Enumerate()
    {
        for (ulong rest = Bits; rest != 0; rest &= rest - 1)
        {
            yield return (Capability)BitOperations.TrailingZeroCount(rest);
        }
    }

    /// <summary>The names, separated by blanks.</summary>
    public override string ToString() => string.Join(' ', Enumerate().Select(CapabilityNames.NameOf));

    private static ulong Bit(Capability capability) => 1UL << (int)capability;
}
