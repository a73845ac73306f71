using Tare.Fixtures;
using Tare.Linux;
using Tare.Runtime.State;

namespace Tare.Runtime.Tests.State;

[Collection(nameof(Alone))]
public sealed class StateStoreTests : IDisposable
{
    private static readonly ContainerId Id = ContainerId.Parse("a");
    private readonly TemporaryDirectory _folder = new();
    private readonly StateStore _store;

    public StateStoreTests() => _store = new StateStore(_folder.At("deep", "state"));

    private string Mark => _folder.At("deep", "state", "@in-progress", "a");

    [Fact]
    public void What_is_reserved_is_there_and_marked_until_it_is_released()
    {
        using StateDirectory state = _store.Reserve(Id);

        Assert.Equal([Id], _store.List());
        Assert.True(File.Exists(Mark));
        Assert.Throws<ContainerException>(() => _store.Reserve(Id));
        Assert.True(File.Exists(Mark));
        Assert.Empty(_store.TakeAbandoned());

        state.Release();
        Assert.False(File.Exists(Mark));
        Assert.Throws<ContainerException>(() => _store.Reserve(Id));
        Assert.False(File.Exists(Mark));
    }

    // Its mark goes as soon as it has a record: whoever looks for one after the other must find either.
    [Fact]
    public void A_container_that_was_announced_is_found_while_it_gets_its_record()
    {
        int missed = 0;
        for (int round = 0; round < 200; round++)
        {
            using StateDirectory state = _store.Reserve(Id);
            state.Announce(RecordOf(Id));
            using StateDirectory seen = _store.Open(Id);
            using ManualResetEventSlim looks = new();
            bool ended = false;
            Thread reader = new(() =>
            {
                while (!Volatile.Read(ref ended))
                {
                    missed += seen.TryRead() is null ? 1 : 0;
                    looks.Set();
                }
            });
            reader.Start();
            looks.Wait(TestContext.Current.CancellationToken);

            state.Write(RecordOf(Id));
            state.Release();
            Volatile.Write(ref ended, true);
            reader.Join();

            Assert.True(state.TryMark());
            state.Remove();
        }

        Assert.Equal(0, missed);
    }

    [Fact]
    public void What_is_removed_leaves_nothing()
    {
        using StateDirectory state = _store.Reserve(Id);
        state.Write(RecordOf(Id));
        state.WriteConfiguration("{}"u8);
        (FileFd start, FileFd report) = state.MakeFifos();
        start.Dispose();
        report.Dispose();

        state.Remove();

        Assert.Empty(_store.List());
        Assert.False(File.Exists(Mark));
    }

    [Fact]
    public void What_is_left_marked_is_taken_once()
    {
        StateDirectory state = _store.Reserve(Id);
        state.Announce(RecordOf(Id));
        state.Write(RecordOf(Id));
        state.Dispose();

        IReadOnlyList<StateDirectory> taken = TakeWhatIsLeft();
        Assert.Empty(_store.TakeAbandoned());
        Assert.Equal(Id, Assert.Single(taken).Id);

        taken[0].Remove();
        taken[0].Dispose();
        Assert.Empty(_store.List());
        Assert.Empty(_store.TakeAbandoned());
    }

    [Fact]
    public void What_is_left_without_a_record_is_taken()
    {
        _store.Reserve(Id).Dispose();

        using StateDirectory taken = Assert.Single(TakeWhatIsLeft());

        Assert.Null(taken.TryRead());
        taken.Remove();
        Assert.Empty(_store.List());
    }

    [Fact]
    public void A_mark_without_a_container_is_removed()
    {
        _store.Reserve(Id).Dispose();
        Directory.Delete(_folder.At("deep", "state", "a"));

        Assert.True(
            SpinWait.SpinUntil(() => _store.TakeAbandoned().Count == 0 && !File.Exists(Mark), TimeSpan.FromSeconds(30))
        );
    }

    [Fact]
    public void A_mark_that_nobody_had_locked_yet_says_nothing_about_a_container_that_is_there()
    {
        using (StateDirectory state = _store.Reserve(Id))
        {
            state.Write(RecordOf(Id));
            state.Release();
        }

        // What somebody does first who wants the same name, and is killed at once.
        File.WriteAllText(Mark, "");

        Assert.Empty(_store.TakeAbandoned());
        Assert.False(File.Exists(Mark));
        Assert.Equal([Id], _store.List());
    }

    [Fact]
    public void A_container_is_marked_for_its_removal_by_one_alone()
    {
        using (StateDirectory made = _store.Reserve(Id))
        {
            made.Write(RecordOf(Id));
            made.Release();
        }

        using StateDirectory one = _store.Open(Id);
        using StateDirectory other = _store.Open(Id);

        Assert.True(one.TryMark());
        Assert.False(other.TryMark());
        one.Remove();

        Assert.True(Assert.Throws<ContainerException>(() => other.TryMark()).IsMissing);
        Assert.True(Assert.Throws<ContainerException>(other.Lock).IsMissing);
        Assert.False(File.Exists(Mark));
    }

    [Fact]
    public void A_removed_containers_name_may_be_another_ones_by_now()
    {
        StateDirectory first = _store.Reserve(Id);
        first.Write(RecordOf(Id));
        first.Release();
        using StateDirectory late = _store.Open(Id);
        Assert.True(first.TryMark());
        first.Remove();
        first.Dispose();
        using StateDirectory second = _store.Reserve(Id);
        second.Write(RecordOf(Id));
        second.Release();

        Assert.True(Assert.Throws<ContainerException>(late.Lock).IsMissing);
        Assert.True(Assert.Throws<ContainerException>(() => late.TryMark()).IsMissing);

        Assert.Equal([Id], _store.List());
    }

    [Fact]
    public void A_container_waits_for_its_start_as_long_as_somebody_reads()
    {
        using StateDirectory state = _store.Reserve(Id);
        Assert.False(state.WaitsForStart);

        (FileFd start, FileFd report) = state.MakeFifos();
        Assert.True(state.WaitsForStart);

        start.Dispose();
        report.Dispose();
        Assert.False(state.WaitsForStart);
    }

    [Fact]
    public void Many_who_want_a_name_at_once_get_it_one_after_the_other()
    {
        int reserved = 0;
        Parallel.For(
            0,
            200,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            _ =>
            {
                foreach (StateDirectory abandoned in _store.TakeAbandoned())
                {
                    abandoned.Dispose();
                    Assert.Fail("somebody's container was taken for abandoned");
                }

                try
                {
                    using StateDirectory state = _store.Reserve(Id);
                    Interlocked.Increment(ref reserved);
                    state.Remove();
                }
                catch (ContainerException)
                {
                    // Somebody else has it.
                }
            }
        );

        Assert.InRange(reserved, 1, 200);
        Assert.Empty(_store.List());
        Assert.False(File.Exists(Mark));
    }

    // A lock goes with its last descriptor: a process that another test has just made holds one until its program begins.
    private IReadOnlyList<StateDirectory> TakeWhatIsLeft()
    {
        IReadOnlyList<StateDirectory> taken = [];
        SpinWait.SpinUntil(() => (taken = _store.TakeAbandoned()).Count > 0, TimeSpan.FromSeconds(30));
        return taken;
    }

    public void Dispose() => _folder.Dispose();

    internal static ContainerRecord RecordOf(ContainerId id) =>
        new()
        {
            Id = id,
            OciVersion = "1.0.0",
            Bundle = "/b",
            Rootfs = "/b/rootfs",
            Created = DateTimeOffset.UnixEpoch,
            Owner = 0,
        };
}
