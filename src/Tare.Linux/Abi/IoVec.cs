using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>A piece of memory. readv(2).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct IoVec
{
    /// <summary>Its address.</summary>
    public nint Base;

    /// <summary>In bytes.</summary>
    public nuint Length;
}
