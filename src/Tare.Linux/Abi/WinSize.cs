using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>The size of a terminal. ioctl_tty(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WinSize
{
    /// <summary>Lines.</summary>
    public ushort Rows;

    /// <summary>Characters in a line.</summary>
    public ushort Columns;

    /// <summary>Unused.</summary>
    public ushort XPixels;

    /// <summary>Unused.</summary>
    public ushort YPixels;
}
