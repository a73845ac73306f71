namespace Tare.Linux.Abi;

/// <summary>How a terminal treats what is typed (c_iflag). termios(3), asm-generic/termbits.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum TerminalInputFlags : uint
{
    None = 0,
    IGNBRK = 0x1,
    BRKINT = 0x2,
    IGNPAR = 0x4,
    PARMRK = 0x8,
    INPCK = 0x10,
    ISTRIP = 0x20,
    INLCR = 0x40,
    IGNCR = 0x80,
    ICRNL = 0x100,
    IXON = 0x400,
    IXANY = 0x800,
    IXOFF = 0x1000,
    IUTF8 = 0x4000,
}
