using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class DescriptorTableTests
{
    [Fact]
    public void A_duplicate_is_the_same_open_file_under_another_number()
    {
        using PipePair pipe = Pipes.Create().OrThrow("pipe2");
        using FileFd copy = DescriptorTable.Duplicate(pipe.WriteEnd).OrThrow("fcntl");
        Assert.NotEqual(pipe.WriteEnd.Number, copy.Number);
        Assert.True(DescriptorTable.IsCloseOnExec(copy).OrThrow("fcntl"));
        Files.WriteAll(copy, "ab"u8).OrThrow("write");
        byte[] buffer = new byte[8];
        Assert.Equal(2, Files.Read(pipe.ReadEnd, buffer).OrThrow("read"));
    }

    [Fact]
    public void The_kernel_sends_a_signal_when_there_is_something_to_read()
    {
        using PipePair pipe = Pipes.Create().OrThrow("pipe2");
        using ManualResetEventSlim came = new();
        using System.Runtime.InteropServices.PosixSignalRegistration registration =
            System.Runtime.InteropServices.PosixSignalRegistration.Create(
                (System.Runtime.InteropServices.PosixSignal)(int)Signal.SIGURG,
                _ => came.Set()
            );
        DescriptorTable.SignalWhenReadable(pipe.ReadEnd, Signal.SIGURG).OrThrow("fcntl");
        Assert.False(came.IsSet);

        Files.WriteAll(pipe.WriteEnd, "x"u8).OrThrow("write");

        Assert.True(came.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_range_of_numbers_is_closed()
    {
        using PipePair pipe = Pipes.Create().OrThrow("pipe2");
        DescriptorTable.DuplicateTo(pipe.WriteEnd, 900, closeOnExec: false).OrThrow("dup3");
        DescriptorTable.DuplicateTo(pipe.WriteEnd, 902, closeOnExec: true).OrThrow("dup3");
        int[] open = DescriptorTable.List().OrThrow("list");
        Assert.Contains(900, open);
        Assert.Contains(902, open);
        DescriptorTable.CloseRange(899, 901, CloseRangeFlags.CLOSE_RANGE_CLOEXEC).OrThrow("close_range");
        using (FileFd marked = DescriptorTable.Adopt(900).OrThrow("fcntl"))
        {
            Assert.True(DescriptorTable.IsCloseOnExec(marked).OrThrow("fcntl"));
            DescriptorTable.SetCloseOnExec(marked, false).OrThrow("fcntl");
            Assert.False(DescriptorTable.IsCloseOnExec(marked).OrThrow("fcntl"));
        }

        DescriptorTable.CloseRange(901, 950, CloseRangeFlags.None).OrThrow("close_range");
        open = DescriptorTable.List().OrThrow("list");
        Assert.DoesNotContain(900, open);
        Assert.DoesNotContain(902, open);
        Assert.Equal(Errno.EBADF, DescriptorTable.Adopt(902).Errno);
        Assert.Equal(Errno.EINVAL, DescriptorTable.CloseRange(2, 1, CloseRangeFlags.None).Errno);
    }

    [Fact]
    public void A_pipe_that_does_not_block_says_so()
    {
        using PipePair pipe = Pipes.Create().OrThrow("pipe2");
        byte[] buffer = new byte[8];
        DescriptorTable.SetNonBlocking(pipe.ReadEnd, true).OrThrow("fcntl");
        Assert.Equal(Errno.EAGAIN, Files.Read(pipe.ReadEnd, buffer).Errno);
        Assert.NotEqual(default, DescriptorTable.GetStatusFlags(pipe.ReadEnd).OrThrow("fcntl") & OpenFlags.O_NONBLOCK);
        DescriptorTable.SetNonBlocking(pipe.ReadEnd, false).OrThrow("fcntl");
        Assert.Equal(OpenFlags.O_RDONLY, DescriptorTable.GetStatusFlags(pipe.ReadEnd).OrThrow("fcntl"));
        pipe.WriteEnd.Dispose();
        Assert.Equal(0, Files.Read(pipe.ReadEnd, buffer).OrThrow("read"));
    }
}
