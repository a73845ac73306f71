using System.Buffers.Binary;
using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Communication;

public sealed class SharedMemoryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_sees_what_is_written_and_writes_itself()
    {
        using SharedMemory memory = SharedMemory.Create("test", 10_000);
        "from the parent"u8.CopyTo(memory.Span);
        string python = Fixtures.Require.Program("python3");

        ProcessOutput output = await ChildProcess.RunAndCaptureAsync(
            new(
                python,
                "-c",
                "import mmap; m = mmap.mmap(5, 0); print(len(m), m[:15].decode()); m[9990:9995] = b'child'"
            )
            {
                Descriptors = ImmutableDictionary<int, FileDescriptor>.Empty.Add(5, memory.Descriptor),
            },
            cancellationToken: Cancelled
        );

        Assert.Equal(("10000 from the parent\n", ""), (output.StandardOutput.Text, output.StandardError.Text));
        Assert.Equal("child"u8.ToArray(), memory.Span.Slice(9990, 5).ToArray());
    }

    [Fact]
    public void Its_size_cannot_be_changed_and_it_cannot_be_executed()
    {
        using SharedMemory memory = SharedMemory.Create("test", 4096, new() { Seals = SealFlags.F_SEAL_SEAL });

        Assert.Equal(
            SealFlags.F_SEAL_SHRINK | SealFlags.F_SEAL_GROW | SealFlags.F_SEAL_SEAL | SealFlags.F_SEAL_EXEC,
            memory.Seals
        );
        Assert.Equal(Errno.EPERM, Linux.Files.FTruncate(memory.Descriptor, 0).Errno);
        Assert.Equal(Errno.EPERM, Linux.Files.FTruncate(memory.Descriptor, 5000).Errno);
        Assert.Equal(Errno.EPERM, Linux.Files.FChmod(memory.Descriptor, FileModes.S_IRUSR | FileModes.S_IXUSR).Errno);
        Assert.Equal(Errno.EPERM, Assert.Throws<KernelException>(memory.Freeze).Errno);
        memory.Span[0] = 1;
    }

    [Fact]
    public void What_is_frozen_nobody_writes()
    {
        using SharedMemory memory = SharedMemory.Create("test", 4096);
        memory.Span[7] = 42;
        using (SharedMemory other = SharedMemory.Open(Duplicate(memory)))
        {
            Assert.Equal(Errno.EBUSY, Assert.Throws<KernelException>(memory.Freeze).Errno);
            Assert.False(memory.IsReadOnly);
            other.Span[8] = 43;
        }

        memory.Freeze();
        memory.Freeze();

        Assert.True(memory.IsReadOnly);
        Assert.Equal((42, 43), (memory.Content.Span[7], memory.Content.Span[8]));
        Assert.Throws<InvalidOperationException>(() => memory.Span[0]);
        Assert.Equal(Errno.EPERM, Linux.Files.WriteAllAt(memory.Descriptor, "x"u8, 0).Errno);
        Assert.Equal(Errno.EPERM, Assert.Throws<KernelException>(() => SharedMemory.Open(Duplicate(memory))).Errno);
        using SharedMemory reader = SharedMemory.Open(Duplicate(memory), FileAccess.Read, SealFlags.F_SEAL_WRITE);
        Assert.Equal(42, reader.Content.Span[7]);
    }

    [Fact]
    public void After_future_writing_is_forbidden_the_own_mapping_writes_on()
    {
        using SharedMemory memory = SharedMemory.Create("test", 4096, new() { Seals = SealFlags.F_SEAL_FUTURE_WRITE });
        using SharedMemory reader = SharedMemory.Open(Duplicate(memory), FileAccess.Read);

        memory.Span[0] = 9;

        Assert.Equal(9, reader.Content.Span[0]);
        Assert.Equal(Errno.EPERM, Assert.Throws<KernelException>(() => SharedMemory.Open(Duplicate(memory))).Errno);
    }

    [Fact]
    public void Memory_that_its_maker_could_shrink_is_refused()
    {
        using MemoryFd memory = MemFds.Create("test").OrThrow("memfd_create");
        Linux.Files.FTruncate(memory, 4096).OrThrow("ftruncate");

        Assert.Equal(Errno.EPERM, Assert.Throws<KernelException>(() => SharedMemory.Open(memory)).Errno);
        using SharedMemory trusted = SharedMemory.Open(memory, required: SealFlags.None);
        Assert.Equal(4096, trusted.Length);
    }

    [Fact]
    public void Named_memory_is_found_by_its_name_until_it_is_removed()
    {
        string name = $"tare-test-{Guid.NewGuid():N}";
        using SharedMemory memory = SharedMemory.CreateNamed(name, 100);
        try
        {
            Assert.Equal(Errno.EEXIST, Assert.Throws<KernelException>(() => SharedMemory.CreateNamed(name, 1)).Errno);
            using SharedMemory other = SharedMemory.OpenNamed(name);
            memory.Span[99] = 5;
            Assert.Equal((100, 5), (other.Length, other.Span[99]));
        }
        finally
        {
            Assert.True(SharedMemory.RemoveNamed(name));
        }

        Assert.False(SharedMemory.RemoveNamed(name));
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => SharedMemory.OpenNamed(name)).Errno);
    }

    [Fact]
    public void Huge_pages_are_taken_or_said_to_be_missing()
    {
        string free = File.ReadAllText("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages").Trim();
        if (free == "0")
        {
            Assert.Equal(
                Errno.ENOMEM,
                Assert
                    .Throws<KernelException>(() => SharedMemory.Create("test", 2 << 20, new() { PageSize = 2 << 20 }))
                    .Errno
            );
            return;
        }

        using SharedMemory memory = SharedMemory.Create("test", 2 << 20, new() { PageSize = 2 << 20 });
        memory.Span[^1] = 1;
        Assert.Equal(SealFlags.F_SEAL_SHRINK, memory.Seals & SealFlags.F_SEAL_SHRINK);
    }

    [Fact]
    public void Bad_arguments_are_refused_before_anything_happens()
    {
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Create("", 1));
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Create("x", 0));
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Create("x", 4096, new() { PageSize = 2 << 20 }));
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Create("x", 4096, new() { PageSize = 4096 }));
        Assert.ThrowsAny<ArgumentException>(() =>
            SharedMemory.Create("x", 1, new() { Seals = SealFlags.F_SEAL_WRITE })
        );
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.CreateNamed("../x", 1));
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Create("x\0", 1));
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Create(new string('é', 125), 1));
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.CreateNamed(new string('é', 126), 1));
        Assert.ThrowsAny<ArgumentException>(() => SharedMemory.Create("x", 1, new() { Seals = (SealFlags)0x40 }));
        using SharedMemory memory = SharedMemory.Create("x", 8);
        Assert.ThrowsAny<ArgumentException>(() => memory.Seal((SealFlags)0x40));
        Assert.ThrowsAny<ArgumentException>(() => new SharedMutex(memory, 2));
        Assert.ThrowsAny<ArgumentException>(() => new SharedMutex(memory, 8));
        Assert.ThrowsAny<ArgumentException>(() => new SharedSemaphore(memory, 4));
    }

    [Fact]
    public async Task A_mutex_keeps_processes_apart()
    {
        const int Rounds = 20_000;
        using SharedMemory memory = SharedMemory.Create("test", 4096);
        Task<ProcessOutput>[] children =
        [
            .. Enumerable.Range(0, 2).Select(_ => ProbeAsync(memory, "count", Rounds.ToString())),
        ];
        SharedMutex mutex = new(memory, 0);
        Fixtures.OwnThread.Run(() =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                Assert.False(mutex.Enter());
                int count = BinaryPrimitives.ReadInt32LittleEndian(memory.Span[64..]);
                BinaryPrimitives.WriteInt32LittleEndian(memory.Span[64..], count + 1);
                mutex.Exit();
            }
        });

        foreach (ProcessOutput output in await Task.WhenAll(children))
        {
            Assert.Equal(("", 0), (output.StandardError.Text, output.ExitStatus.ExitCode));
        }

        Assert.Equal(3 * Rounds, BinaryPrimitives.ReadInt32LittleEndian(memory.Span[64..]));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(memory.Span));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mutex_whose_owner_died_is_had_and_said_to_be_abandoned(bool waiting)
    {
        using SharedMemory memory = SharedMemory.Create("test", 4096);
        await using ChildProcess child = StartProbe(memory, "hold");
        byte[] held = new byte[5];
        await child.StandardOutput!.ReadExactlyAsync(held, Cancelled);

        Fixtures.OwnThread.Run(() =>
        {
            SharedMutex mutex = new(memory, 0);
            Assert.False(mutex.TryEnter(TimeSpan.Zero, out _));
            Assert.False(mutex.TryEnter(TimeSpan.FromMilliseconds(5), out _));
            Thread? killer = null;
            if (waiting)
            {
                killer = new Thread(() => child.Kill());
                killer.Start();
            }
            else
            {
                child.Kill();
                child.WaitForExit();
            }

            Assert.True(mutex.Enter());
            Assert.Throws<LockRecursionException>(() => mutex.Enter());
            mutex.Exit();
            Assert.Throws<SynchronizationLockException>(mutex.Exit);
            Assert.False(mutex.Enter());
            mutex.Exit();
            killer?.Join();
        });

        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(Cancelled)).Status.Signal);
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32LittleEndian(memory.Span));
    }

    [Fact]
    public async Task A_semaphore_and_an_event_wake_another_process()
    {
        const int Rounds = 1000;
        using SharedMemory memory = SharedMemory.Create("test", 4096);
        Task<ProcessOutput> child = ProbeAsync(memory, "semaphore", Rounds.ToString());
        Fixtures.OwnThread.Run(() =>
        {
            SharedSemaphore there = new(memory, 128);
            SharedSemaphore back = new(memory, 192);
            for (int i = 0; i < Rounds; i++)
            {
                there.Release();
                Assert.True(back.Wait(TimeSpan.FromMinutes(1)));
            }

            Assert.False(back.Wait(TimeSpan.Zero));
            Assert.Equal(0, back.CurrentCount);
            SharedEvent done = new(memory, 256);
            Assert.False(done.Wait(TimeSpan.FromMilliseconds(1)));
            done.Set();
            done.Wait();
            done.Reset();
            Assert.False(done.IsSet);
            done.Set();
        });

        ProcessOutput output = await child;
        Assert.Equal(("", 0), (output.StandardError.Text, output.ExitStatus.ExitCode));
    }

    private static FileFd Duplicate(SharedMemory memory) =>
        DescriptorTable.Duplicate(memory.Descriptor).OrThrow("duplicate");

    private static ChildProcess StartProbe(SharedMemory memory, params string[] arguments) =>
        ChildProcess.Start(ProbeOptions(memory, arguments) with { StandardOutput = ChildStream.Pipe });

    private static Task<ProcessOutput> ProbeAsync(SharedMemory memory, params string[] arguments) =>
        ChildProcess.RunAndCaptureAsync(ProbeOptions(memory, arguments), cancellationToken: Cancelled);

    private static ProcessStartOptions ProbeOptions(SharedMemory memory, string[] arguments) =>
        new(Probe.Path, arguments)
        {
            Descriptors = ImmutableDictionary<int, FileDescriptor>.Empty.Add(3, memory.Descriptor),
            KillOnParentExit = true,
        };

    [Fact]
    public void One_of_several_flags_is_waited_for()
    {
        using SharedMemory memory = SharedMemory.Create("flags", 64);
        SharedEvent[] events = [new(memory, 0), new(memory, 4), new(memory, 8)];
        Assert.SkipWhen(
            Futexes.WaitAny([new FutexWord(0, 0)], TimeSpan.Zero, shared: true).Errno == Errno.ENOSYS,
            "needs futex_waitv (Linux 5.16)"
        );
        Assert.Equal(-1, SharedEvent.WaitAny(events, TimeSpan.Zero));
        Assert.Equal(-1, SharedEvent.WaitAny(events, TimeSpan.FromMilliseconds(1)));
        int found = -2;
        Thread waiter = new(() => found = SharedEvent.WaitAny(events));
        waiter.Start();

        events[2].Set();

        waiter.Join();
        Assert.Equal(2, found);
        events[1].Set();
        Assert.Equal(1, SharedEvent.WaitAny(events));
        Assert.Throws<ArgumentException>(() => SharedEvent.WaitAny([]));
    }
}
