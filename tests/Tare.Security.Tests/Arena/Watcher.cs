using System.Globalization;
using Tare.Fixtures;

namespace Tare.Security.Tests.Arena;

/// <summary>A container whose program lies in wait for processes of the runtime (Attacks/watch.c).</summary>
internal sealed class Watcher : IDisposable
{
    private readonly Detached _container;
    private readonly Bundle _bundle;

    public Watcher(Victim victim, Action<System.Text.Json.Nodes.JsonObject>? edit = null)
    {
        _bundle = new Bundle(["/bin/watch", victim.Runtime, victim.Canary, Payload], edit: edit);
        Attack.Install(_bundle.Rootfs, "watch");
        Id = victim.NewId();
        _container = victim.StartDetached(_bundle, Id, "watching");
    }

    /// <summary>What is written into executables.</summary>
    public const string Payload = "#!stolen\n";

    /// <summary>The container's id.</summary>
    public string Id { get; }

    /// <summary>The container's root file system.</summary>
    public string Rootfs => _bundle.Rootfs;

    /// <summary>Ends it and gives its counts.</summary>
    public IReadOnlyDictionary<string, int> End() =>
        _container
            .End()
            .Lines.Select(line => line.Split(' '))
            .Where(parts => parts.Length == 2 && int.TryParse(parts[1], out _))
            .ToDictionary(parts => parts[0], parts => int.Parse(parts[1], CultureInfo.InvariantCulture));

    /// <summary>Fails the test where it got anything, or never saw a process to get it from.</summary>
    public static void ShouldHaveNothing(IReadOnlyDictionary<string, int> counts)
    {
        string all = string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value}"));
        Assert.True(counts["denied"] + counts["sealed"] > 0, $"the attack saw no process: {all}");
        Assert.True(
            counts.Where(pair => pair.Key is not ("denied" or "sealed")).All(pair => pair.Value == 0),
            $"the attack succeeded: {all}"
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _container.Dispose();
        _bundle.Dispose();
    }
}
