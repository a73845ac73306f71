namespace Tare.Fixtures;

/// <summary>What containers can leave behind on the machine: mounts, cgroups, namespaces, links, state, processes.</summary>
/// <remarks>eng/host-state makes the listing, for ./test too. Other tests' containers are seen as well.</remarks>
public sealed class HostState
{
    private readonly SortedSet<string> _lines;

    private HostState(IEnumerable<string> lines) => _lines = new SortedSet<string>(lines, StringComparer.Ordinal);

    /// <summary>Lists what there is now.</summary>
    public static HostState Take() => new(Tool.Run(Repository.At("eng", "host-state")).ShouldSucceed().Lines);

    /// <summary>What is there now and was not then; with a text, only lines that hold it (a container's id, a path).</summary>
    public string[] LeftSince(HostState before, string? containing = null) =>
        [
            .. _lines
                .Except(before._lines)
                .Where(line => containing is null || line.Contains(containing, StringComparison.Ordinal)),
        ];

    /// <summary>Fails the test where something is there now that was not when this was taken.</summary>
    public void ShouldBeAsBefore(string? containing = null)
    {
        string[] left = Take().LeftSince(this, containing);
        Assert.True(left.Length == 0, "left behind:\n" + string.Join('\n', left));
    }
}
