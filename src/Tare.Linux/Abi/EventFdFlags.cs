namespace Tare.Linux.Abi;

/// <summary>The flags of eventfd2(2).</summary>
[Flags]
#pragma warning disable CS1591 // the names are the kernel's own and documented in the manual page
public enum EventFdFlags : uint
{
    None = 0,
    EFD_SEMAPHORE = 0x1,
    EFD_NONBLOCK = 0x800,
    EFD_CLOEXEC = 0x80000,
}
