using Tare.Bench.Peers;

namespace Tare.Bench.Subjects;

/// <summary>A container that runs for as long as this is not disposed; its program sleeps.</summary>
internal sealed class LiveContainer : IDisposable
{
    private readonly Command delete;

    /// <summary>Makes it. Its process becomes this program's to reap.</summary>
    /// <param name="runtime">Who makes it.</param>
    /// <param name="bundle">A bundle whose program waits.</param>
    /// <param name="id">Its name.</param>
    public LiveContainer(Peer runtime, string bundle, string id)
    {
        Id = id;
        Runtime = runtime;
        delete = new(runtime.View, [.. runtime.Words, "delete", "--force", id]);
        Linux.Processes.SetSubreaper(true).OrThrow("become the reaper of orphans");
        new Command(runtime.View, [.. runtime.Words, "run", "--detach", "--bundle", bundle, id]).Run();
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>Who made it.</summary>
    public Peer Runtime { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        delete.Run();
        Linux.Processes.WaitAny().OrThrow("wait for the container", Id);
    }
}
