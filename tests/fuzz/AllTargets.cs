using Tare.Fuzz.Fuzzing;
using Tare.Fuzz.Targets;

namespace Tare.Fuzz;

/// <summary>Everything that takes foreign bytes.</summary>
public static class AllTargets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Target> List { get; } =
    [
        new("config", ConfigTarget.Try, IsJson: true),
        new("record", RecordTarget.Try),
        new("command-line", CommandLineTarget.Try),
        new("seccomp", SeccompTarget.Try, IsJson: true),
        new("mountinfo", MountInfoTarget.Try),
        new("dbus", DBusTarget.Try),
    ];

    /// <summary>One by its name.</summary>
    public static Target Of(string name) =>
        List.SingleOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"no target '{name}' (there are {string.Join(", ", List.Select(t => t.Name))})");
}
