namespace Tare.Linux.Abi;

/// <summary>How far uid 0 is special to a process. capabilities(7), linux/securebits.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum SecureBits : uint
{
    None = 0,
    SECBIT_NOROOT = 0x1,
    SECBIT_NOROOT_LOCKED = 0x2,
    SECBIT_NO_SETUID_FIXUP = 0x4,
    SECBIT_NO_SETUID_FIXUP_LOCKED = 0x8,
    SECBIT_KEEP_CAPS = 0x10,
    SECBIT_KEEP_CAPS_LOCKED = 0x20,
    SECBIT_NO_CAP_AMBIENT_RAISE = 0x40,
    SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED = 0x80,
    SECBIT_EXEC_RESTRICT_FILE = 0x100,
    SECBIT_EXEC_RESTRICT_FILE_LOCKED = 0x200,
    SECBIT_EXEC_DENY_INTERACTIVE = 0x400,
    SECBIT_EXEC_DENY_INTERACTIVE_LOCKED = 0x800,
}
