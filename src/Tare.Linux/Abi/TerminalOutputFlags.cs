namespace Tare.Linux.Abi;

/// <summary>How a terminal treats what is printed (c_oflag). termios(3), asm-generic/termbits.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum TerminalOutputFlags : uint
{
    None = 0,
    OPOST = 0x1,
    ONLCR = 0x4,
    OCRNL = 0x8,
    ONOCR = 0x10,
    ONLRET = 0x20,
}
