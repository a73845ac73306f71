using System.Runtime.InteropServices;

namespace Tare.Linux.Abi;

/// <summary>struct io_uring_params. linux/io_uring.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 120)]
internal struct IoRingParameters
{
    internal uint SubmissionEntries;
    internal uint CompletionEntries;
    internal IoRingFlags Flags;
    internal uint ThreadProcessor;
    internal uint ThreadIdle;
    internal uint Features;
    internal uint Workers;
    private readonly uint _reserved;
    private readonly ulong _reservedToo;
    internal IoRingOffsets Submission;
    internal IoRingOffsets Completion;
}

/// <summary>struct io_sqring_offsets and io_cqring_offsets, which differ in the names of two members.</summary>
[StructLayout(LayoutKind.Sequential, Size = 40)]
internal struct IoRingOffsets
{
    internal uint Head;
    internal uint Tail;
    internal uint Mask;
    internal uint Entries;
    internal uint FlagsOrOverflow;
    internal uint DroppedOrContent;
    internal uint Array;
}

/// <summary>struct io_uring_sqe. linux/io_uring.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct IoRingRequest
{
    internal IoRingOperation Operation;
    internal byte Flags;
    internal ushort Priority;
    internal int Descriptor;
    internal ulong Offset;
    internal ulong Address;
    internal uint Length;
    internal uint OperationFlags;
    internal ulong Token;
    internal ushort Buffer;
    internal ushort Personality;
    internal uint FileIndex;
}

/// <summary>struct io_uring_cqe. linux/io_uring.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoRingAnswer
{
    internal ulong Token;
    internal int Result;
    internal uint Flags;
}

/// <summary>struct io_uring_restriction. linux/io_uring.h.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct IoRingRestriction
{
    internal ushort Kind;
    internal byte What;
}

/// <summary>struct io_uring_getevents_arg. linux/io_uring.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoRingWaiting
{
    internal ulong SignalMask;
    internal uint SignalMaskSize;
    internal uint MinimumWait;
    internal ulong Timeout;
}
