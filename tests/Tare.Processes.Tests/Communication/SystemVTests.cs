using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes.Tests.Security;

namespace Tare.Processes.Tests.Communication;

public sealed class SystemVTests
{
    public SystemVTests() =>
        Assert.SkipWhen(SystemV.GetQueue(1, SystemVFlags.IPC_EXCL).Errno == Errno.ENOSYS, "needs CONFIG_SYSVIPC");

    [Fact]
    public void Memory_is_found_by_key_and_number_and_goes_with_its_owner()
    {
        int key = Random.Shared.Next(1, int.MaxValue);
        int id;
        using (SystemVMemory owned = SystemVMemory.Create(5000, key))
        {
            id = owned.Id;
            using SystemVMemory read = SystemVMemory.Open(key, FileAccess.Read);
            using SystemVMemory written = SystemVMemory.OpenId(id);
            written.Span[4999] = 7;
            Assert.Equal(7, read.Content.Span[4999]);
            Assert.Equal((5000, 3, false), (read.Length, owned.AttachedCount, read.IsOwner));
            Assert.Throws<InvalidOperationException>(() => read.Span[0]);
            Assert.Equal(Errno.EEXIST, Assert.Throws<KernelException>(() => SystemVMemory.Create(1, key)).Errno);
        }

        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => SystemVMemory.Open(key)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => SystemVMemory.OpenId(id)).Errno);
        Assert.Throws<ArgumentException>(() => SystemVMemory.Open(0));
    }

    [Fact]
    public async Task Semaphores_change_together_and_are_undone_when_a_process_ends()
    {
        using SystemVSemaphores set = SystemVSemaphores.Create(3, Random.Shared.Next(1, int.MaxValue));
        set[0] = 2;
        Assert.False(set.Change([new(0, -2), new(1, -1)], TimeSpan.Zero));
        Assert.Equal(2, set[0]);
        Assert.False(set.Wait(1, TimeSpan.FromMilliseconds(1)));
        set[1] = 1;
        Assert.True(set.Change([new(0, -2), new(1, -1)]));
        Assert.Equal((0, 0, 3), (set[0], set[1], SystemVSemaphores.OpenId(set.Id).Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => set[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => set[0] = 32_768);

        set[2] = 5;
        (_, string output) = await Running.ShellAsync(
            $"perl -e '$o = pack(\"s3\", 2, -5, 0x1000); semop({set.Id}, $o) or die; print \"taken\"'"
        );
        Assert.Equal("taken", output);
        Assert.Equal(5, set[2]);
    }

    [Fact]
    public void Who_waits_is_told_when_the_set_is_removed()
    {
        SystemVSemaphores set = SystemVSemaphores.Create(1);
        Errno? told = null;
        Thread waiter = new(() => told = Assert.Throws<KernelException>(() => set.Wait()).Errno);
        waiter.Start();
        while (SystemV.CountWaiters(set.Id, 0).OrThrow("count") == 0)
        {
            Thread.Yield();
        }

        set.Dispose();

        waiter.Join();
        Assert.Equal(Errno.EIDRM, told);
        set.Dispose();
    }

    [Fact]
    public void Messages_are_chosen_by_their_type()
    {
        int key = Random.Shared.Next(1, int.MaxValue);
        using SystemVQueue queue = SystemVQueue.Create(key);
        using SystemVQueue other = SystemVQueue.Open(key);
        Assert.True(queue.Send(3, "three"u8));
        Assert.True(queue.Send(2, "two"u8));
        Assert.True(queue.Send(9, ""u8));
        Assert.Equal(3, other.Count);

        Assert.Equal((2L, "two"), Text(other.Receive(-5)));
        Assert.Null(other.Receive(2, wait: false));
        Assert.Equal((3L, "three"), Text(other.Receive()));
        Assert.Empty(other.Receive(9)!.Value.Message);
        byte[] large = new byte[8000];
        while (queue.Send(1, large, wait: false)) { }

        Assert.True(queue.Count > 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Send(0, large));
        Assert.Equal(Errno.EINVAL, Assert.Throws<KernelException>(() => queue.Send(1, new byte[1 << 20])).Errno);
    }

    [Fact]
    public async Task Another_IPC_namespace_does_not_have_them()
    {
        Require.Root();
        int key = Random.Shared.Next(1, int.MaxValue);
        using SystemVQueue queue = SystemVQueue.Create(key);
        string script = $"perl -e 'print defined(msgget({key}, 0)) ? 1 : 0'";

        Assert.Equal("1", (await Running.ShellAsync(script)).Output);
        ProcessNamespaces own = new() { New = CloneFlags.CLONE_NEWIPC };
        Assert.Equal("0", (await Running.ShellAsync(script, with => with with { Namespaces = own })).Output);
    }

    private static (long, string) Text((long Type, byte[] Message)? received) =>
        (received!.Value.Type, System.Text.Encoding.ASCII.GetString(received.Value.Message));
}
