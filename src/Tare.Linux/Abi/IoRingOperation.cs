namespace Tare.Linux.Abi;

/// <summary>What can be asked for through a ring. linux/io_uring.h, <c>enum io_uring_op</c>.</summary>
#pragma warning disable CS1591 // the names are the kernel's own and documented in io_uring_enter(2)
public enum IoRingOperation : byte
{
    IORING_OP_NOP = 0,
    IORING_OP_POLL_ADD = 6,
    IORING_OP_READ = 22,
    IORING_OP_WRITE = 23,
    IORING_OP_MSG_RING = 40,
    IORING_OP_WAITID = 50,
}

/// <summary>How a ring is made. linux/io_uring.h.</summary>
[Flags]
public enum IoRingFlags : uint
{
    None = 0,
    IORING_SETUP_CLAMP = 0x10,
    IORING_SETUP_R_DISABLED = 0x40,
    IORING_SETUP_SINGLE_ISSUER = 0x1000,
}
#pragma warning restore CS1591
