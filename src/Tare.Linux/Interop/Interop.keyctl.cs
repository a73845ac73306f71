using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>keyctl(2) with numbers.</summary>
    internal static nint keyctl(KeyctlOperation operation, nint a, nint b = 0, nint c = 0) =>
        Call(Syscall.keyctl, (nint)(int)operation, a, b, c);

    /// <summary>keyctl(2), KEYCTL_JOIN_SESSION_KEYRING.</summary>
    internal static unsafe nint keyctl(BytePath? name)
    {
        // SAFETY: it is pinned and ends with a zero; null asks for a keyring without a name.
        fixed (byte* text = name is { } given ? given.Terminated : default)
        {
            return Call(Syscall.keyctl, (nint)(int)KeyctlOperation.KEYCTL_JOIN_SESSION_KEYRING, (nint)text);
        }
    }

    /// <summary>keyctl(2), KEYCTL_READ.</summary>
    internal static unsafe nint keyctl(int key, Span<byte> buffer)
    {
        // SAFETY: pinned during the call, and its length is passed.
        fixed (byte* bytes = buffer)
        {
            return Call(Syscall.keyctl, (nint)(int)KeyctlOperation.KEYCTL_READ, key, (nint)bytes, buffer.Length);
        }
    }

    /// <summary>keyctl(2), KEYCTL_SEARCH.</summary>
    internal static unsafe nint keyctl(int keyring, BytePath type, BytePath description)
    {
        // SAFETY: both are pinned and end with a zero.
        fixed (
            byte* kind = type.Terminated,
                text = description.Terminated
        )
        {
            return Call(Syscall.keyctl, (nint)(int)KeyctlOperation.KEYCTL_SEARCH, keyring, (nint)kind, (nint)text, 0);
        }
    }
}
