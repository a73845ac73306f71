namespace Tare.Linux.Abi;

/// <summary>What a terminal does by itself (c_lflag). termios(3), asm-generic/termbits.h.</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum TerminalLocalFlags : uint
{
    None = 0,
    ISIG = 0x1,
    ICANON = 0x2,
    ECHO = 0x8,
    ECHOE = 0x10,
    ECHOK = 0x20,
    ECHONL = 0x40,
    NOFLSH = 0x80,
    TOSTOP = 0x100,
    IEXTEN = 0x8000,
}
