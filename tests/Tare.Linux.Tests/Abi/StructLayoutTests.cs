using System.Runtime.CompilerServices;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class StructLayoutTests
{
    [Fact]
    public void Structs_are_as_large_as_the_kernels()
    {
        Assert.Equal(24, Unsafe.SizeOf<OpenHow>());
        Assert.Equal(32, Unsafe.SizeOf<MountAttribute>());
        Assert.Equal(88, Unsafe.SizeOf<CloneArguments>());
        Assert.Equal(8, Unsafe.SizeOf<CapabilityHeader>());
        Assert.Equal(12, Unsafe.SizeOf<CapabilityData>());
        Assert.Equal(16, Unsafe.SizeOf<RLimit64>());
        Assert.Equal(128, Unsafe.SizeOf<SigInfo>());
        Assert.Equal(128, Unsafe.SizeOf<SignalFdInfo>());
        Assert.Equal(128, Unsafe.SizeOf<QueuedSignal>());
        Assert.Equal(32, Unsafe.SizeOf<TimerSpec>());
        Assert.Equal(64, Unsafe.SizeOf<MessageQueueAttributes>());
        Assert.Equal(32, Unsafe.SizeOf<FileLockRange>());
        Assert.Equal(144, Unsafe.SizeOf<RUsage>());
        Assert.Equal(64, Unsafe.SizeOf<PidFdInfo>());
        Assert.Equal(256, Unsafe.SizeOf<StatX>());
        Assert.Equal(120, Unsafe.SizeOf<StatFs>());
        Assert.Equal(36, Unsafe.SizeOf<TermiosLinux>());
        Assert.Equal(8, Unsafe.SizeOf<WinSize>());
        Assert.Equal(12, Unsafe.SizeOf<UCred>());
        Assert.Equal(56, Unsafe.SizeOf<MsgHdr>());
        Assert.Equal(16, Unsafe.SizeOf<ControlMessageHeader>());
        Assert.Equal(8, Unsafe.SizeOf<PollDescriptor>());
        Assert.Equal(8, Unsafe.SizeOf<SocketFilter>());
        Assert.Equal(16, Unsafe.SizeOf<SocketFilterProgram>());
        Assert.Equal(6, Unsafe.SizeOf<SeccompNotifySizes>());
        Assert.Equal(32, Unsafe.SizeOf<NamespaceRequest>());
        Assert.Equal(8, Unsafe.SizeOf<FileDelegation>());
    }

    [Fact]
    public void The_size_in_a_request_is_that_of_its_struct()
    {
        uint size = ((uint)IoctlRequest.PIDFD_GET_INFO >> 16) & 0x3fff;
        Assert.Equal(size, (uint)Unsafe.SizeOf<PidFdInfo>());
        size = ((uint)IoctlRequest.PIDFD_GET_INFO_VER3 >> 16) & 0x3fff;
        Assert.Equal(size, (uint)Unsafe.SizeOf<PidFdCoreDumpInfo>());
    }
}
