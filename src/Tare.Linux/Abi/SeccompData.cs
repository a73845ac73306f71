using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct seccomp_data: a system call as a filter sees it. linux/seccomp.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SeccompData
{
    /// <summary>The call's number.</summary>
    public int Number;

    /// <summary>AUDIT_ARCH of the way that it was made by.</summary>
    public uint Architecture;

    /// <summary>Where the program is.</summary>
    public ulong InstructionPointer;

    /// <summary>The arguments.</summary>
    public SixArguments Arguments;

    /// <summary>Six registers.</summary>
    [InlineArray(6)]
    public struct SixArguments
    {
        private ulong first;
    }
}
