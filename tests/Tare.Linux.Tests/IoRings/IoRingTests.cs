using System.Runtime.CompilerServices;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class IoRingTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void Reads_and_writes_are_answered_by_their_tokens()
    {
        using IoRing ring = Ring();
        using MemoryFd file = MemFds.Create("file").OrThrow("make a memfd");
        byte[] read = new byte[10];
        Assert.True(ring.AddWrite(file, "hello world"u8.ToArray(), 1, offset: 0));
        Assert.Equal(1, ring.Submit(1).OrThrow("submit"));
        Assert.Equal((1ul, 11), Answer(ring));
        Assert.True(ring.AddRead(file, read.AsMemory(2, 5), 2, offset: 6));
        Assert.True(ring.AddNop(3));
        Assert.Equal((2, 2), (ring.Outstanding, ring.Submit(2).OrThrow("submit")));

        (ulong, int)[] answers = [Answer(ring), Answer(ring)];
        Array.Sort(answers);
        Assert.Equal(((2ul, 5), (3ul, 0)), (answers[0], answers[1]));
        Assert.Equal("\0\0world\0\0\0"u8.ToArray(), read);
        Assert.Null(ring.Take());
        Assert.Equal(0, ring.Outstanding);
    }

    [Fact]
    public void An_error_is_an_answer_and_a_full_queue_is_told()
    {
        using IoRing ring = Ring(capacity: 2);
        using FileFd file = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDONLY).OrThrow("open");
        Assert.True(ring.AddWrite(file, "x"u8.ToArray(), 1));
        Assert.True(ring.AddNop(2));
        Assert.False(ring.AddNop(3));
        file.Dispose();
        ring.Submit(2).OrThrow("submit");

        IoRingCompletion[] answers = [ring.Take()!.Value, ring.Take()!.Value];
        Assert.Equal(Errno.EBADF, answers.Single(answer => answer.Token == 1).Result.Errno);
        for (ulong i = 0; i < 100; i++)
        {
            Assert.True(ring.AddNop(i));
            ring.Submit(1).OrThrow("submit");
            Assert.Equal((i, 0), Answer(ring));
        }
    }

    [Fact]
    public void What_waits_takes_no_thread()
    {
        using IoRing ring = Ring();
        using EventFd counter = EventFds.Create().OrThrow("make a counter");
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        Assert.True(ring.AddPoll(counter, PollEvents.POLLIN, 1));
        Assert.True(ring.AddWaitId(orphan.Process, WaitOptions.WEXITED, 2));
        SysResult<int> waited = ring.Submit(1, TimeSpan.FromMilliseconds(1));
        bool knowsWaitId = waited.Errno == Errno.ETIME;
        Assert.True(knowsWaitId || ring.Take() is { Token: 2, Result.Errno: Errno.EINVAL });

        EventFds.Add(counter, 1).OrThrow("add");
        ring.Submit(1, Long).OrThrow("wait");
        Assert.Equal((1ul, (int)PollEvents.POLLIN), Answer(ring));
        PidFds.SendSignal(orphan.Process, Signal.SIGKILL).OrThrow("kill");
        Assert.SkipUnless(knowsWaitId, "needs IORING_OP_WAITID (Linux 6.7)");
        ring.Submit(1, Long).OrThrow("wait");
        IoRingCompletion child = ring.Take()!.Value;
        Assert.Equal((2ul, Errno.None), (child.Token, child.Result.Errno));
        Assert.Equal((orphan.ProcessId, ChildCode.CLD_KILLED), (child.Child!.Value.ProcessId, child.Child.Value.Code));
    }

    [Fact]
    public void A_ring_is_told_by_another()
    {
        using IoRing one = Ring();
        using IoRing other = Ring();
        Assert.True(one.AddMessage(other.Descriptor, 42, 4711, 1));
        one.Submit(1).OrThrow("submit");
        IoRingCompletion sent = one.Take()!.Value;
        Assert.SkipWhen(sent.Result.Errno == Errno.EINVAL, "needs IORING_OP_MSG_RING (Linux 5.18)");

        Poll.Wait(other.Descriptor, PollEvents.POLLIN, Long).OrThrow("poll");
        Assert.Equal((4711ul, 42), Answer(other));
    }

    [Fact]
    public void A_restricted_ring_does_what_it_may()
    {
        using IoRing ring = Ring(flags: IoRingFlags.IORING_SETUP_R_DISABLED);
        Assert.True(ring.AddNop(1));
        Assert.Equal(Errno.EBADFD, ring.Submit().Errno);
        ring.Restrict(IoRingOperation.IORING_OP_NOP).OrThrow("restrict");
        ring.Enable().OrThrow("enable");
        using FileFd file = Files.OpenAt(null, "/dev/null", OpenFlags.O_WRONLY).OrThrow("open");
        Assert.True(ring.AddWrite(file, "x"u8.ToArray(), 2));
        ring.Submit(2).OrThrow("submit");

        IoRingCompletion[] answers = [ring.Take()!.Value, ring.Take()!.Value];
        Assert.True(answers.Single(answer => answer.Token == 1).Result.Ok);
        Assert.Equal(Errno.EACCES, answers.Single(answer => answer.Token == 2).Result.Errno);
        Assert.Equal(Errno.EACCES, ring.Restrict(IoRingOperation.IORING_OP_READ).Errno);
        using IoRing open = Ring();
        Assert.Equal(Errno.EBADFD, open.Restrict(IoRingOperation.IORING_OP_NOP).Errno);
    }

    [Fact]
    public void What_is_outstanding_may_be_given_up()
    {
        IoRing ring = Ring();
        PipePair pipe = Pipes.Create().OrThrow("make a pipe");
        using (pipe.ReadEnd)
        using (pipe.WriteEnd)
        {
            Assert.True(ring.AddRead(pipe.ReadEnd, new byte[100], 1));
            ring.Submit().OrThrow("submit");
            ring.Dispose();
            ring.Dispose();
        }
    }

    [Fact]
    public void Structs_are_as_large_as_the_kernels()
    {
        Assert.Equal(120, Unsafe.SizeOf<IoRingParameters>());
        Assert.Equal(64, Unsafe.SizeOf<IoRingRequest>());
        Assert.Equal(16, Unsafe.SizeOf<IoRingAnswer>());
        Assert.Equal(16, Unsafe.SizeOf<IoRingRestriction>());
        Assert.Equal(24, Unsafe.SizeOf<IoRingWaiting>());
    }

    private static IoRing Ring(int capacity = 8, IoRingFlags flags = IoRingFlags.None)
    {
        SysResult<IoRing?> made = IoRing.Create(capacity, flags);
        Assert.SkipWhen(made.Errno is Errno.ENOSYS or Errno.EPERM, $"there is no io_uring here: {made.Errno}");
        return made.OrThrow("make a ring")!;
    }

    private static (ulong, int) Answer(IoRing ring)
    {
        IoRingCompletion answer = ring.Take()!.Value;
        return (answer.Token, answer.Result.OrThrow("the request"));
    }
}
