using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Containers;
using Tare.Runtime.State;
using Tare.Runtime.Tests.State;

namespace Tare.Runtime.Tests.Containers;

[Collection(nameof(Alone))]
public sealed class OpenedContainerTests : IDisposable
{
    private static readonly ContainerId Id = ContainerId.Parse("a");
    private readonly TemporaryDirectory _folder = new();
    private readonly StateStore _store;

    public OpenedContainerTests() => _store = new StateStore(_folder.At("state"));

    private string Mark => _folder.At("state", "@in-progress", "a");

    [Fact]
    public async Task Whoever_needs_a_container_that_is_just_being_made_waits_until_it_is()
    {
        using StateDirectory state = _store.Reserve(Id);
        ContainerRecord announced = StateStoreTests.RecordOf(Id);
        state.Announce(announced);
        Task<int> opened = Task.Run(ProcessOfMade, TestContext.Current.CancellationToken);

        // Somebody waits for the lock.
        string inode = $":{Files.StatX(null, Mark, AtFlags.None).OrThrow("stat").Inode} ";
        while (
            !File.ReadLines("/proc/locks")
                .Any(line =>
                    line.Contains("-> ", StringComparison.Ordinal) && line.Contains(inode, StringComparison.Ordinal)
                )
        )
        {
            Assert.False(opened.IsCompleted);
            Thread.Yield();
        }

        state.Write(announced with { ProcessId = 4711 });
        state.Release();

        Assert.Equal(4711, await opened);
    }

    [Fact]
    public void Whoever_looks_at_it_does_not_wait()
    {
        using StateDirectory state = _store.Reserve(Id);
        state.Announce(StateStoreTests.RecordOf(Id));

        using Container container = Container.Open(_store, Id);

        Assert.Equal(Oci.ContainerStatus.Creating, container.ReadStatus());
    }

    [Fact]
    public void Whoever_needs_one_that_was_given_up_does_not_wait_for_ever()
    {
        StateDirectory state = _store.Reserve(Id);
        state.Announce(StateStoreTests.RecordOf(Id));
        state.Dispose();

        Assert.Equal(0, ProcessOfMade());
    }

    public void Dispose() => _folder.Dispose();

    private int ProcessOfMade()
    {
        using Container container = Container.OpenMade(_store, Id);
        return container.Record.ProcessId;
    }
}
