namespace Tare.Runtime;

/// <summary>
/// What has to be undone if an operation does not come to its end. Whoever acquires something pushes its release at
/// once; disposing undoes everything in reverse order, unless <see cref="Commit"/> said that all is well.
/// </summary>
/// <remarks>A release must not throw for reasons that the operation can bring about: one that does is passed over, so
/// that those below it still run.</remarks>
public sealed class Rollback : IDisposable
{
    private readonly Stack<Action> releases = new();

    /// <summary>Remembers how to undo what was just done.</summary>
    public void Push(Action release) => releases.Push(release);

    /// <summary>Everything stays as it is.</summary>
    public void Commit() => releases.Clear();

    /// <inheritdoc />
    public void Dispose()
    {
        while (releases.TryPop(out Action? release))
        {
            try
            {
                release();
            }
            catch (Exception e) when (e is Linux.KernelException or ContainerException or ObjectDisposedException)
            {
                // What cannot be undone must not keep the rest from being undone; the next start sweeps.
            }
        }
    }
}
