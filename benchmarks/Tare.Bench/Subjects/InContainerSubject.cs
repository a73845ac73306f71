using Tare.Bench.Measuring;

namespace Tare.Bench.Subjects;

/// <summary>
/// A command on a container that runs. What has to be done before it, or to undo it, is nobody's time.
/// </summary>
internal sealed class InContainerSubject(
    string name,
    LiveContainer container,
    string[] command,
    string[]? before = null,
    string[]? after = null
) : Subject(name)
{
    private readonly Command timed = Of(container, command);
    private readonly Command? first = before is null ? null : Of(container, before);
    private readonly Command? last = after is null ? null : Of(container, after);

    /// <inheritdoc/>
    public override TimeSpan Run()
    {
        first?.Run();
        TimeSpan taken = timed.Run();
        last?.Run();
        return taken;
    }

    // The verb, the container, and what stands behind it.
    private static Command Of(LiveContainer container, string[] command) =>
        new(container.Runtime.View, [.. container.Runtime.Words, command[0], container.Id, .. command[1..]]);
}
