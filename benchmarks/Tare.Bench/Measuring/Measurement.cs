namespace Tare.Bench.Measuring;

/// <summary>Subjects that do the same, and what one of them should achieve.</summary>
internal sealed record Measurement : IDisposable
{
    /// <summary>What <c>./bench</c> is told to run only this one.</summary>
    public required string Name { get; init; }

    /// <summary>What is timed, in words.</summary>
    public required string Title { get; init; }

    /// <summary>Those that are timed; the first is ours.</summary>
    public required IReadOnlyList<Subject> Subjects { get; init; }

    /// <summary>
    /// With which of ours another subject is compared, by their names; who is not in it has no ratio. Null: all are compared
    /// with the first.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Counterparts { get; init; }

    /// <summary>What the first subject should achieve.</summary>
    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>What could not be compared, and why.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>What the subjects need, which goes after them, in this order.</summary>
    public IReadOnlyList<IDisposable> Kept { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable owned in Subjects.Concat(Kept))
        {
            owned.Dispose();
        }
    }
}
