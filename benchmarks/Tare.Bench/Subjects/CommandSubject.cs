using Tare.Bench.Measuring;

namespace Tare.Bench.Subjects;

/// <summary>A program that does all that is timed in one run.</summary>
internal sealed class CommandSubject(string name, MountView view, params string[] words) : Subject(name)
{
    private readonly Command command = new(view, words);

    /// <inheritdoc/>
    public override TimeSpan Run() => command.Run();
}
