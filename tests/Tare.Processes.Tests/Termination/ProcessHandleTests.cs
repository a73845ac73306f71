using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Termination;

public sealed class ProcessHandleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_is_no_child_is_signalled_and_waited_for()
    {
        await using ChildProcess parent = ChildProcess.Start(
            new("sh", "-c", "sleep 1000 & echo $!; wait $!; echo $?; read x")
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
            }
        );
        using StreamReader output = new(parent.StandardOutput!);
        int number = int.Parse((await output.ReadLineAsync(Cancelled))!);
        using ProcessHandle process = ProcessHandle.Open(number);
        Assert.Equal((number, false), (process.ProcessId, process.HasExited));

        Task<ExitStatus?>[] waits = [process.WaitForExitAsync(Cancelled), process.WaitForExitAsync(Cancelled)];
        Assert.True(process.Signal(Signal.SIGUSR1));
        Assert.All(await Task.WhenAll(waits), status => Assert.Equal(Signal.SIGUSR1, status!.Value.Signal));
        Assert.Equal("138", await output.ReadLineAsync(Cancelled));

        Assert.False(process.Kill());
        Assert.Equal(-1, process.ProcessId);
        Assert.True(process.HasExited);
    }

    [Fact]
    public async Task How_a_process_ended_that_nobody_has_reaped_is_known()
    {
        // The parent never waits.
        await using ChildProcess parent = ChildProcess.Start(
            new("perl", "-e", "$p = fork; if (!$p) { sleep 1000 } $| = 1; print \"$p\\n\"; sleep 1000")
            {
                StandardOutput = ChildStream.Pipe,
            }
        );
        using StreamReader output = new(parent.StandardOutput!);
        using ProcessHandle process = ProcessHandle.Open(int.Parse((await output.ReadLineAsync(Cancelled))!));
        process.Signal(Signal.SIGTERM);

        ExitStatus? status = await process.WaitForExitAsync(Cancelled);

        Assert.Equal(Signal.SIGTERM, status!.Value.Signal);
        Assert.NotEqual(-1, process.ProcessId);
        parent.Kill();
        await parent.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task A_process_tells_who_it_is()
    {
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000"));
        using ProcessHandle process = ProcessHandle.Open(child.ProcessId);
        using ProcessHandle again = ProcessHandle.Open(child.ProcessId);

        ProcessIdentity identity = process.ReadIdentity();

        Assert.Equal((child.ProcessId, Environment.ProcessId), (identity.ProcessId, identity.ParentId));
        Assert.Equal(Linux.Credentials.GetEffectiveUid(), identity.Users.Effective);
        Assert.Equal(process.UniqueId, again.UniqueId);
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        Assert.NotEqual(process.UniqueId, self.UniqueId);
        child.Kill();
        await child.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task A_process_is_found_again_by_its_unique_id_and_never_another()
    {
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000"));
        using ProcessHandle process = ProcessHandle.Open(child.ProcessId);
        ulong id = process.UniqueId;
        SysResult<PidFd> can = PidFds.OpenByUniqueId(id);
        Assert.SkipWhen(can.Errno == Errno.EOPNOTSUPP, "needs handles of pidfds (Linux 6.14)");
        can.Value.Dispose();

        using (ProcessHandle again = ProcessHandle.OpenByUniqueId(id))
        {
            Assert.Equal((child.ProcessId, id), (again.ProcessId, again.UniqueId));
            Assert.True(again.Kill());
            Assert.Equal(Signal.SIGKILL, (await again.WaitForExitAsync(Cancelled))!.Value.Signal);
        }

        await child.WaitForExitAsync(Cancelled);
        KernelException gone = Assert.Throws<KernelException>(() => ProcessHandle.OpenByUniqueId(id));
        Assert.Equal($"open process by its unique id '{id}': ESRCH", gone.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessHandle.OpenByUniqueId(0));
    }

    [Fact]
    public async Task The_namespaces_that_a_process_is_in_are_opened()
    {
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000"));
        using ProcessHandle process = ProcessHandle.Open(child.ProcessId);
        using NamespaceFd theirs = process.OpenNamespace(CloneFlags.CLONE_NEWUTS);
        using NamespaceFd own = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        Assert.Equal(Namespaces.IdentityOf(own), Namespaces.IdentityOf(theirs));
        Assert.Throws<ArgumentOutOfRangeException>(() => process.OpenNamespace(CloneFlags.CLONE_VM));

        child.Kill();
        await child.WaitForExitAsync(Cancelled);

        KernelException gone = Assert.Throws<KernelException>(() => process.OpenNamespace(CloneFlags.CLONE_NEWUTS));
        Assert.Equal($"open the uts namespace of process '{child.ProcessId}': ESRCH", gone.Message);
    }

    [Fact]
    public async Task A_signal_to_the_group_reaches_all_of_it()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "sleep 1000 & echo $!; wait") { ProcessGroup = 0, StandardOutput = ChildStream.Pipe }
        );
        using StreamReader output = new(child.StandardOutput!);
        using ProcessHandle other = ProcessHandle.Open(int.Parse((await output.ReadLineAsync(Cancelled))!));
        using ProcessHandle leader = ProcessHandle.Open(child.ProcessId);

        Assert.True(leader.Signal(Signal.SIGKILL, SignalScope.ProcessGroup));

        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
        await other.WaitForExitAsync(Cancelled);
        Assert.True(other.HasExited);
    }

    [Fact]
    public void A_thread_is_opened_as_one()
    {
        using ProcessHandle thread = ProcessHandle.OpenThread(Linux.Processes.GetThreadId());

        Assert.False(thread.HasExited);
        Assert.Throws<KernelException>(() => ProcessHandle.Open(4_000_000));
    }

    [Fact]
    public async Task A_core_dump_is_told_of()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "kill -ABRT $$") { Limits = new() { CoreDump = new(0, 0) } }
        );

        ExitStatus status = (await child.WaitForExitAsync(Cancelled)).Status;

        // A limit of zero bytes makes no dump, whoever would take it but a pipe.
        Assert.Equal(Signal.SIGABRT, status.Signal);
        bool piped = (await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern", Cancelled)).StartsWith('|');
        Assert.True(!status.CoreDumped || piped);
    }
}
