using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Monitoring;

public sealed class SnapshotTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_of_a_child_is_seen()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sleep", "1000")
            {
                WorkingDirectory = "/usr",
                Environment = ProcessEnvironment.Empty.With("ONLY", "this").With("PATH", "/usr/bin:/bin"),
                Nice = 7,
            }
        );
        try
        {
            // The kernel shows the arguments a moment after it has let go of the one who started the program.
            SpinWait.SpinUntil(() => ProcessSnapshot.Read(child.Handle).CommandLine is not { Count: 0 });
            ProcessSnapshot seen = ProcessSnapshot.Read(child.Handle, SnapshotParts.All);

            Assert.Equal((child.ProcessId, Environment.ProcessId), (seen.ProcessId, seen.ParentId));
            Assert.Equal(("sleep", "/usr"), (seen.Name, seen.WorkingDirectory));
            Assert.Equal(["sleep", "1000"], seen.CommandLine!);
            Assert.Equal(["ONLY=this", "PATH=/usr/bin:/bin"], seen.Environment!.Order(StringComparer.Ordinal));
            Assert.EndsWith("/sleep", seen.ExecutablePath, StringComparison.Ordinal);
            Assert.Equal("/", seen.RootDirectory);
            Assert.Equal(
                (SchedulingPolicy.SCHED_OTHER, 7, 27),
                (seen.Scheduler.Policy, seen.Scheduler.Nice, seen.Scheduler.Priority)
            );

            // The weight of nice 7, sched_prio_to_weight of the kernel's.
            Assert.Equal(215L, seen.Scheduler.Accounting!.Weight ?? 215L);
            Assert.InRange(seen.Memory.Resident, 1, seen.Memory.Virtual);
            Assert.Equal(
                seen.Memory.Resident,
                seen.Memory.ResidentAnonymous + seen.Memory.ResidentFile + seen.Memory.ResidentShared
            );
            Assert.InRange(seen.Memory.Proportional!.Proportional, 1, seen.Memory.Proportional.Resident);
            Assert.True(seen.MinorFaults > 0);
            Assert.Equal(ProcessSnapshot.ReadOwn(SnapshotParts.Namespaces).Namespaces, seen.Namespaces);
            Assert.Equal(8, seen.Namespaces!.Count);
            Assert.Equal(16, seen.Limits!.Count);
            Assert.NotEmpty(seen.Cgroups!);
            Assert.Equal([0, 1, 2], seen.OpenFiles!.Select(file => file.Number));
            Assert.Empty(seen.Children!);
            ThreadSnapshot thread = Assert.Single(seen.Threads!);
            Assert.Equal((child.ProcessId, "sleep", 7), (thread.ThreadId, thread.Name, thread.Scheduler.Nice));
            Assert.NotNull(seen.Io);
            Assert.NotNull(seen.OomScore);
            Assert.Contains(child.ProcessId, ProcessSnapshot.ReadOwn(SnapshotParts.Children).Children!);
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(Cancelled);
        }
    }

    [Fact]
    public async Task A_process_that_was_reaped_is_not_found()
    {
        await using ChildProcess child = ChildProcess.Start(new("true"));
        await child.WaitForExitAsync(Cancelled);

        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => ProcessSnapshot.Read(child.Handle)).Errno);
        Assert.Equal(Errno.ESRCH, Assert.Throws<KernelException>(() => ProcessSnapshot.Read(int.MaxValue)).Errno);
    }

    [Fact]
    public void Bad_numbers_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessSnapshot.Read(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MemoryLayout.Read(-1));
    }

    [Fact]
    public void All_processes_are_listed_while_others_come_and_go()
    {
        IReadOnlyList<ProcessSnapshot> all = ProcessSnapshot.ReadAll(SnapshotParts.All);

        ProcessSnapshot own = Assert.Single(all, process => process.ProcessId == Environment.ProcessId);
        Assert.Contains(own.Threads!, thread => thread.ThreadId == own.ProcessId);
        Assert.Equal(all.Select(process => process.ProcessId).Order(), all.Select(process => process.ProcessId));
    }

    [Fact]
    public async Task A_process_that_names_itself_to_look_like_fields_hides_nobody()
    {
        using TemporaryDirectory directory = new();
        string strange = Directory.CreateDirectory($"{directory.Path}/a\nName:\tx (deleted)").FullName;
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "exec 7>'flags:\t9\n'; printf '\\nprio :x' >/proc/$$/comm; echo; read line", "(\n) R")
            {
                WorkingDirectory = strange,
                Environment = ProcessEnvironment.Current().With("A", "\nB=c"),
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
            }
        );
        Assert.Equal(1, await child.StandardOutput!.ReadAsync(new byte[1], Cancelled));

        ProcessSnapshot seen = Assert.Single(
            ProcessSnapshot.ReadAll(SnapshotParts.All),
            process => process.ProcessId == child.ProcessId
        );

        Assert.Equal(("\nprio :x", "\nprio :x", strange), (seen.Name, seen.Status.Name, seen.WorkingDirectory));
        Assert.Equal(("\nprio :x", "(\n) R"), (Assert.Single(seen.Threads!).Name, seen.CommandLine![^1]));
        Assert.Contains("A=\nB=c", seen.Environment!);
        Assert.Equal($"{strange}/flags:\t9\n", Assert.Single(seen.OpenFiles!, file => file.Number == 7).Target);
        Assert.Contains(MemoryLayout.Read(child.ProcessId).Regions, region => region.Kind == MemoryRegionKind.Stack);
        child.StandardInput!.Dispose();
        await child.WaitForExitAsync(Cancelled);
    }

    [Fact]
    public async Task What_there_is_no_right_to_see_is_null()
    {
        Require.Root();
        await using ChildProcess child = ChildProcess.Start(new("sleep", "1000"));
        ProcessSnapshot? seen = null;
        OwnThread.Run(() =>
        {
            // As nobody, this thread only.
            Assert.True(Credentials.SetResUid(65534, 65534, 65534).Ok);
            seen = ProcessSnapshot.Read(child.ProcessId, SnapshotParts.All);
        });
        child.Kill();
        await child.WaitForExitAsync(Cancelled);

        Assert.Equal(("sleep", 1), (seen!.Name, seen.ThreadCount));
        Assert.Null(seen.ExecutablePath);
        Assert.Null(seen.OpenFiles);
        Assert.Null(seen.Io);
        Assert.Null(seen.Environment);
        Assert.Null(seen.Memory.Proportional);
        Assert.Equal(["sleep", "1000"], seen.CommandLine!);
    }

    [Fact]
    public async Task Samples_come_until_the_process_ends()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "while read line; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo; done")
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
            }
        );
        byte[] answer = new byte[1];
        List<ProcessSample> samples = [];
        await foreach (
            ProcessSample sample in ProcessMonitor.WatchAsync(
                child.ProcessId,
                TimeSpan.FromMilliseconds(1),
                cancellationToken: Cancelled
            )
        )
        {
            samples.Add(sample);
            if (samples.Count < 4 || (samples[^1].Snapshot.CpuTime == TimeSpan.Zero && samples.Count < 1000))
            {
                await child.StandardInput!.WriteAsync("\n"u8.ToArray(), Cancelled);
                await child.StandardOutput!.ReadExactlyAsync(answer, Cancelled);
            }
            else
            {
                child.StandardInput!.Dispose();
                await child.WaitForExitAsync(Cancelled);
            }
        }

        Assert.True(samples.Count >= 4);
        Assert.Equal(TimeSpan.Zero, samples[0].Interval);
        Assert.All(samples.Skip(1), sample => Assert.True(sample.Interval > TimeSpan.Zero));
        Assert.Contains(samples, sample => sample.CpuPercent > 0);
    }

    [Fact]
    public void Rates_are_differences_by_time()
    {
        ProcessSnapshot first = ProcessSnapshot.ReadOwn();
        ProcessSnapshot second = first with
        {
            UserTime = first.UserTime + TimeSpan.FromSeconds(3),
            MinorFaults = first.MinorFaults + 10,
            VoluntarySwitches = first.VoluntarySwitches + 4,
            Io = first.Io!.Value with { WrittenBytes = first.Io.Value.WrittenBytes + 4096 },
        };

        ProcessSample sample = ProcessSample.Between(first, second, TimeSpan.FromSeconds(2));

        Assert.Equal(
            (150.0, 0.0, 2048.0, 5.0, 2.0),
            (
                sample.CpuPercent,
                sample.ReadBytesPerSecond,
                sample.WrittenBytesPerSecond,
                sample.FaultsPerSecond,
                sample.SwitchesPerSecond
            )
        );
    }

    [Fact]
    public async Task A_grandchilds_end_is_seen()
    {
        await using ChildProcess child = ChildProcess.Start(
            new("sh", "-c", "exec 3<&0; sh -c 'read line; exit 7' <&3 & echo $!; wait; read rest")
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
            }
        );
        using StreamReader output = new(child.StandardOutput!);
        int grandchild = int.Parse((await output.ReadLineAsync(Cancelled))!);
        using PidFd process = PidFds.Open(grandchild).OrThrow("open");
        Task<ExitStatus?> waiting = ProcessMonitor.WaitForExitAsync(process, Cancelled);
        Assert.False(waiting.IsCompleted);

        await child.StandardInput!.WriteAsync("go\n"u8.ToArray(), Cancelled);
        ExitStatus? status = await waiting;

        Assert.SkipWhen(status is null, "needs PIDFD_INFO_EXIT (Linux 6.15)");
        Assert.Equal(7, status!.Value.ExitCode);
        child.StandardInput.Dispose();
        await child.WaitForExitAsync(Cancelled);
    }
}
