using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>What clone3(2) takes. linux/sched.h, size CLONE_ARGS_SIZE_VER2.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CloneArguments
{
    /// <summary>What is shared and what is new.</summary>
    public CloneFlags Flags;

    /// <summary>The address of an int that receives the pidfd.</summary>
    public ulong PidFd;

    /// <summary>The address of an int in the child.</summary>
    public ulong ChildTid;

    /// <summary>The address of an int in the parent.</summary>
    public ulong ParentTid;

    /// <summary>The signal that the parent gets at the end.</summary>
    public ulong ExitSignal;

    /// <summary>The lowest address of the child's stack.</summary>
    public ulong Stack;

    /// <summary>Its size in bytes.</summary>
    public ulong StackSize;

    /// <summary>The thread's local storage.</summary>
    public ulong Tls;

    /// <summary>The address of the pids to give it.</summary>
    public ulong SetTid;

    /// <summary>How many they are.</summary>
    public ulong SetTidSize;

    /// <summary>The descriptor of the v2 cgroup to be born in.</summary>
    public ulong Cgroup;
}
