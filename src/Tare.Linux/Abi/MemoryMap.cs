using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What PR_SET_MM_MAP takes: struct prctl_mm_map. linux/prctl.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryMap
{
    internal ulong StartCode;
    internal ulong EndCode;
    internal ulong StartData;
    internal ulong EndData;
    internal ulong StartBreak;
    internal ulong Break;
    internal ulong StartStack;
    internal ulong StartArguments;
    internal ulong EndArguments;
    internal ulong StartEnvironment;
    internal ulong EndEnvironment;
    internal ulong AuxiliaryVector;
    internal uint AuxiliarySize;
    internal int Executable;
}
