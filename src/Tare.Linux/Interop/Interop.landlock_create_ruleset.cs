using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>landlock_create_ruleset(2); of the struct the first bytes that the kernel's version knows.</summary>
    internal static unsafe nint landlock_create_ruleset(LandlockRulesetAttributes attributes, int size) =>
        // SAFETY: the struct lies on the stack during the call, and callers pass no more than its size.
        Call(Syscall.landlock_create_ruleset, (nint)(&attributes), size, 0);
}
