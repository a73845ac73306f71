using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class FutexTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void The_word_that_is_woken_is_told()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(16).Value!;
        FutexWord[] words = [new(memory.Address, 0), new(memory.Address + 4, 7)];
        SysResult<int> other = Futexes.WaitAny(words);
        Assert.SkipWhen(other.Errno == Errno.ENOSYS, "needs futex_waitv (Linux 5.16)");
        Assert.Equal(Errno.EAGAIN, other.Errno);
        Words(memory)[1] = 7;
        Assert.Equal(Errno.ETIMEDOUT, Futexes.WaitAny(words, TimeSpan.Zero).Errno);

        int? woken = null;
        Thread sleeper = new(() => woken = Futexes.WaitAny(words, Long).Value);
        sleeper.Start();
        while (Futexes.Wake(memory.Address + 4, 1).Value == 0)
        {
            Thread.Yield();
        }

        sleeper.Join();
        Assert.Equal(1, woken);
        Assert.Throws<ArgumentException>(() => Futexes.WaitAny([]));
    }

    [Fact]
    public void Who_sleeps_is_moved_to_another_word()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(16).Value!;
        Assert.Equal(Errno.EAGAIN, Futexes.Requeue(memory.Address, 1, memory.Address + 4).Errno);
        Thread sleeper = new(() => Futexes.Wait(memory.Address, 0, Long));
        sleeper.Start();
        int woken = 0;
        while (woken == 0 && sleeper.IsAlive)
        {
            // A signal, as the runtime sends one to stop its threads, lets it sleep on the first word again.
            Futexes.Requeue(memory.Address, 0, memory.Address + 4, wake: 0).OrThrow("requeue");
            woken = Futexes.Wake(memory.Address + 4).Value;
            Thread.Yield();
        }

        Assert.Equal(1, woken);
        sleeper.Join();
    }

    [Fact]
    public void A_message_in_an_empty_queue_is_told_of_by_a_signal()
    {
        string name = $"tare-{Guid.NewGuid():N}";
        const OpenFlags Flags = OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK;
        SysResult<MessageQueueFd> made = MessageQueues.Open(name, Flags, FileModes.S_IRUSR | FileModes.S_IWUSR);
        Assert.SkipWhen(made.Errno == Errno.ENOSYS, "needs CONFIG_POSIX_MQUEUE");
        using MessageQueueFd queue = made.OrThrow("open");
        MessageQueues.Unlink(name).OrThrow("unlink");
        Signal signal = (Signal)47;
        using SignalPipe pipe = SignalPipe.Open(signal).OrThrow("open");
        MessageQueues.Notify(queue, signal, 42).OrThrow("notify");
        Assert.Equal(Errno.EBUSY, MessageQueues.Notify(queue, signal).Errno);

        MessageQueues.Send(queue, "hello"u8).OrThrow("send");
        Poll.Wait(pipe.Descriptor, PollEvents.POLLIN, Long).OrThrow("poll");

        Assert.Equal(signal, pipe.Read().OrThrow("read").Signal);
        MessageQueues.Notify(queue, Signal.None).OrThrow("notify");
        MessageQueues.StopNotifying(queue).OrThrow("stop");
        MessageQueues.Notify(queue, signal).OrThrow("notify again");
    }

    [Fact]
    public void The_lists_of_waiters_are_as_many_as_they_are_set_to()
    {
        SysResult<int> before = Futexes.GetHashSlots();
        Assert.SkipWhen(before.Errno == Errno.EINVAL, "needs PR_FUTEX_HASH (Linux 6.16)");
        int more = Math.Max(before.OrThrow("prctl"), 16) * 2;

        Futexes.SetHashSlots(more).OrThrow("prctl");

        Assert.Equal(more, Futexes.GetHashSlots().OrThrow("prctl"));
        Assert.Equal(Errno.EINVAL, Futexes.SetHashSlots(33).Errno);
        using AnonymousMemory memory = AnonymousMemory.Map(16).Value!;
        Thread sleeper = new(() => Futexes.Wait(memory.Address, 0, Long));
        sleeper.Start();
        while (sleeper.IsAlive && Futexes.Wake(memory.Address, 1).Value == 0)
        {
            Thread.Yield();
        }

        sleeper.Join();
    }

    private static Span<uint> Words(AnonymousMemory memory) => MemoryMarshal.Cast<byte, uint>(memory.Span);
}
