using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class KernelWaitTests
{
    [Fact]
    public void A_process_that_waits_says_where()
    {
        Require.Root();
        using Orphan orphan = Orphan.Start("kill -STOP $$");
        PidFds.Wait(orphan.Process, WaitOptions.WSTOPPED).OrThrow("waitid");
        using DirectoryFd process = ProcDirectory.Open(orphan.Process).OrThrow("open");

        SysResult<BlockedCall?> call = BlockedCall.Read(process);
        Assert.SkipWhen(call.Errno == Errno.ENOENT, "needs CONFIG_HAVE_ARCH_TRACEHOOK");
        Assert.NotNull(call.OrThrow("read"));
        Assert.NotEqual(0ul, call.Value!.InstructionPointer);
        Assert.Equal(6, call.Value.Arguments.Count);
        SysResult<IReadOnlyList<string>> stack = KernelStack.Read(process);
        Assert.SkipWhen(stack.Errno == Errno.ENOENT, "needs CONFIG_STACKTRACE");
        Assert.Contains(stack.OrThrow("read"), line => line.Contains("signal", StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_are_taken_apart()
    {
        Assert.Null(BlockedCall.Parse("running"));
        BlockedCall call = BlockedCall.Parse("7 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffd 0x7f11")!;
        Assert.Equal((7, 0x7ffdul, 0x7f11ul), (call.Number, call.StackPointer, call.InstructionPointer));
        Assert.Equal([1ul, 2, 3, 4, 5, 6], call.Arguments);
        Assert.Empty(BlockedCall.Parse("-1 0x7ffd 0x7f11")!.Arguments);
        Assert.Throws<FormatException>(() => BlockedCall.Parse("7 0x1"));
        Assert.Equal(
            ["do_signal_stop+0x1/0x2", "get_signal+0x3/0x4"],
            KernelStack.Parse("[<0>] do_signal_stop+0x1/0x2\n[<0>] get_signal+0x3/0x4\n")
        );
    }

    [Fact]
    public void Maps_and_offsets_of_namespaces_are_read()
    {
        Require.Root();
        Require.Program("unshare");
        using TemporaryDirectory directory = new();
        string fifo = $"{directory.Path}/there";
        Files.MknodAt(null, fifo, FileModes.S_IFIFO | FileModes.S_IRUSR | FileModes.S_IWUSR).OrThrow("mknod");
        using Orphan orphan = Orphan.Start(
            $"exec unshare --map-root-user --time --boottime 77 --monotonic 33 sh -c \"echo there > {fifo}; exec sleep 1000\""
        );
        Files.ReadAllAt(null, fifo).OrThrow("wait for the child");
        using DirectoryFd process = ProcDirectory.Open(orphan.Process).OrThrow("open");

        Assert.Equal([new IdRange(0, 0, 1)], ProcNamespaceFiles.UserMap(process).OrThrow("read"));
        Assert.Equal([new IdRange(0, 0, 1)], ProcNamespaceFiles.GroupMap(process).OrThrow("read"));
        SysResult<(TimeSpan Monotonic, TimeSpan BootTime)> offsets = ProcNamespaceFiles.TimeOffsets(process);
        Assert.SkipWhen(offsets.Errno == Errno.ENOENT, "needs CONFIG_TIME_NS");
        Assert.Equal((TimeSpan.FromSeconds(33), TimeSpan.FromSeconds(77)), offsets.OrThrow("read"));
    }

    [Fact]
    public void Maps_and_offsets_that_are_none_are_refused()
    {
        Assert.Equal(
            [new IdRange(0, 100000, 65536), new IdRange(65536, 7, 1)],
            ProcNamespaceFiles.ParseMap("         0     100000      65536\n 65536 7 1\n")
        );
        Assert.Throws<FormatException>(() => ProcNamespaceFiles.ParseMap("0 1\n"));
        Assert.Equal(
            (TimeSpan.FromMilliseconds(-1500), TimeSpan.FromDays(1)),
            ProcNamespaceFiles.ParseTimeOffsets("monotonic          -2    500000000\nboottime   86400   0\n")
        );
        Assert.Throws<FormatException>(() => ProcNamespaceFiles.ParseTimeOffsets("boottime x 0"));
    }
}
