namespace Tare.Bench.Measuring;

/// <summary>Something whose time is taken.</summary>
/// <param name="name">Its name in the tables.</param>
internal abstract class Subject(string name) : IDisposable
{
    /// <summary>Its name in the tables.</summary>
    public string Name { get; } = name;

    /// <summary>Runs once and says how long that took.</summary>
    /// <exception cref="BenchException">It did not do what it should have done; its time means nothing.</exception>
    public abstract TimeSpan Run();

    /// <inheritdoc/>
    public void Dispose() => End();

    /// <summary>Lets go of what it kept.</summary>
    protected virtual void End() { }
}
