using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct landlock_path_beneath_attr: what is allowed below a directory, or with a file. linux/landlock.h.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LandlockPathBeneath
{
    /// <summary>What is allowed.</summary>
    public LandlockAccessFs AllowedAccess;

    /// <summary>The descriptor of the directory or file.</summary>
    public int ParentDescriptor;
}
