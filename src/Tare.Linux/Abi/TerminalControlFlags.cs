namespace Tare.Linux.Abi;

/// <summary>The line's parameters (c_cflag). termios(3), asm-generic/termbits.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum TerminalControlFlags : uint
{
    None = 0,
    CSIZE = 0x30,
    CS8 = 0x30,
    PARENB = 0x100,
}
