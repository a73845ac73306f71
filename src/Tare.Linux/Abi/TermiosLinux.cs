using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>
/// The settings of a terminal as the kernel's TCGETS has them: 36 bytes, not the C library's larger struct of the same
/// name. asm-generic/termbits.h.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct TermiosLinux
{
    /// <summary>How input is treated.</summary>
    public TerminalInputFlags Input;

    /// <summary>How output is treated.</summary>
    public TerminalOutputFlags Output;

    /// <summary>The line's parameters.</summary>
    public TerminalControlFlags Control;

    /// <summary>What the terminal does by itself.</summary>
    public TerminalLocalFlags Local;

    /// <summary>The line discipline.</summary>
    public byte Line;

    /// <summary>The special characters, by the indexes VINTR (0) to VEOL2 (16).</summary>
    public ControlCharacters Characters;

    /// <summary>The special characters of a terminal.</summary>
    [InlineArray(19)]
    public struct ControlCharacters
    {
        private byte _first;
    }
}
