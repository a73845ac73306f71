namespace Tare.OciCli.Tests;

/// <summary>
/// The controllers that a cgroup of version 2 hands down; disposing takes back those that have come since. A runtime has
/// to hand down what a container is limited by, and leaves that for the containers to come.
/// </summary>
internal sealed class HandedDown(string group) : IDisposable
{
    private readonly string _file = Path.Combine(group, "cgroup.subtree_control");
    private readonly string[] _before = Read(Path.Combine(group, "cgroup.subtree_control"));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (string controller in Read(_file).Except(_before))
        {
            File.WriteAllText(_file, $"-{controller}");
        }
    }

    private static string[] Read(string file) =>
        File.ReadAllText(file).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
