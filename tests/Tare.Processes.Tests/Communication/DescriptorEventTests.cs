using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Communication;

public sealed class DescriptorEventTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_counter_is_waited_for()
    {
        using DescriptorEvent counter = new();
        Task<ulong> waiting = counter.TakeAsync(Cancelled).AsTask();
        Assert.False(waiting.IsCompleted);

        counter.Add(3);

        Assert.Equal(3ul, await waiting);
        Assert.Equal(0ul, counter.TryTake());
        using DescriptorEvent semaphore = new(2, isSemaphore: true);
        using DescriptorEvent same = new(DescriptorTable.Duplicate(semaphore.Descriptor).OrThrow("duplicate"));
        Assert.Equal((1ul, 1ul, 0ul), (same.TryTake(), semaphore.TryTake(), same.TryTake()));
    }

    [Fact]
    public async Task Who_waits_for_what_is_disposed_is_told()
    {
        DescriptorEvent counter = new();
        Task<ulong> waiting = counter.TakeAsync(Cancelled).AsTask();

        counter.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task A_timer_ticks_and_stops()
    {
        using DescriptorTimer timer = new(TimeSpan.FromMilliseconds(1));
        ulong ticks = 0;
        while (ticks < 5)
        {
            ticks += await timer.WaitForNextTickAsync(Cancelled);
        }

        timer.Change(TimeSpan.Zero, TimeSpan.Zero);
        using CancellationTokenSource over = new();
        Task<ulong> never = timer.WaitForNextTickAsync(over.Token).AsTask();
        Assert.Equal(Errno.EAGAIN, TimerFds.Take(timer.Descriptor).Errno);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
        Assert.ThrowsAny<ArgumentException>(() => new DescriptorTimer(TimeSpan.Zero));
        Assert.ThrowsAny<ArgumentException>(() => new DescriptorTimer(TimeSpan.FromSeconds(1), (ClockId)77));
    }

    [Fact]
    public async Task Messages_come_by_priority_and_a_full_queue_waits()
    {
        string name = $"/tare-test-{Guid.NewGuid():N}";
        try
        {
            using MessageQueue queue = MessageQueue.Open(name, new(Capacity: 2, MaximumLength: 10));
            using MessageQueue reader = MessageQueue.Open(name, access: FileAccess.Read);
            Assert.Equal((2, 10), (reader.Capacity, reader.MaximumLength));
            await queue.SendAsync("low"u8.ToArray(), 1, Cancelled);
            await queue.SendAsync("high"u8.ToArray(), 9, Cancelled);
            Assert.Equal(2, queue.Count);
            Task full = queue.SendAsync("last"u8.ToArray(), 0, Cancelled).AsTask();
            Assert.False(full.IsCompleted);

            (byte[] first, int priority) = await reader.ReceiveAsync(Cancelled);
            await full;
            (byte[] second, _) = await reader.ReceiveAsync(Cancelled);
            (byte[] third, _) = await reader.ReceiveAsync(Cancelled);

            Assert.Equal(("high", 9), (Text(first), priority));
            Assert.Equal(("low", "last"), (Text(second), Text(third)));
            Task<(byte[] Message, int Priority)> waiting = reader.ReceiveAsync(Cancelled).AsTask();
            await queue.SendAsync("woken"u8.ToArray(), cancellationToken: Cancelled);
            Assert.Equal("woken", Text((await waiting).Message));
            await Assert.ThrowsAnyAsync<ArgumentException>(async () =>
                await queue.SendAsync(new byte[11], cancellationToken: Cancelled)
            );
        }
        finally
        {
            Assert.True(MessageQueue.Remove(name));
        }

        Assert.False(MessageQueue.Remove(name));
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => MessageQueue.Open(name)).Errno);
        Assert.ThrowsAny<ArgumentException>(() => MessageQueue.Open("no-slash"));
    }

    [Fact]
    public void A_lock_keeps_others_out_within_the_process_too()
    {
        using TemporaryDirectory folder = new();
        string path = folder.At("lock");
        using (FileLock first = FileLock.TryAcquire(path, length: 10)!)
        {
            Assert.Null(FileLock.TryAcquire(path));
            Assert.Null(FileLock.TryAcquire(path, isShared: true, start: 9, length: 1));
            using FileLock? beside = FileLock.TryAcquire(path, start: 10);
            Assert.NotNull(beside);
            ToolResult other = Tool.Run(
                Require.Program("python3"),
                "-c",
                $"import fcntl; fcntl.lockf(open('{path}', 'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB, 1)"
            );
            Assert.NotEqual(0, other.ExitCode);
        }

        using FileLock one = FileLock.Acquire(path, isShared: true);
        using FileLock two = FileLock.TryAcquire(path, isShared: true)!;
        Assert.Null(FileLock.TryAcquire(path));
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.ASCII.GetString(bytes);
}
