using Tare.Bench.Measuring;

namespace Tare.Bench.Subjects;

/// <summary>
/// <c>create</c>, <c>start</c> and <c>delete</c> of an OCI runtime, the times added. In between the container's program ends
/// by itself, and its process is reaped here, as an engine's would be by the engine; that is nobody's time.
/// </summary>
internal sealed class LifecycleSubject : Subject
{
    private readonly Command create;
    private readonly Command start;
    private readonly Command delete;

    public LifecycleSubject(string name, MountView view, string[] runtime, string bundle, string id)
        : base(name)
    {
        create = new(view, [.. runtime, "create", "--bundle", bundle, id]);
        start = new(view, [.. runtime, "start", id]);
        delete = new(view, [.. runtime, "delete", id]);
        Linux.Processes.SetSubreaper(true).OrThrow("become the reaper of orphans");
    }

    /// <inheritdoc/>
    public override TimeSpan Run()
    {
        TimeSpan taken = create.Run() + start.Run();
        Linux.Processes.WaitAny().OrThrow("wait for the container", Name);
        return taken + delete.Run();
    }
}
