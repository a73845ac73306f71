using Tare.Linux.Abi;

namespace Tare.Linux;

internal static partial class Interop
{
    /// <summary>keyctl(2) with numbers.</summary>
    internal static nint keyctl(KeyctlOperation operation, nint a, nint b = 0) =>
        Call(Syscall.keyctl, (nint)(int)operation, a, b);

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
