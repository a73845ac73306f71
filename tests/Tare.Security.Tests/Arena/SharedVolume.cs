using Tare.Fixtures;

namespace Tare.Security.Tests.Arena;

/// <summary>
/// A volume in which a container exchanges, again and again, the directory <c>a</c> and the symlink <c>b</c> that leads to a
/// directory of the host.
/// </summary>
internal sealed class SharedVolume : IDisposable
{
    private readonly Bundle _attacker;
    private readonly RunningTool _attack;

    /// <summary>Makes it and begins.</summary>
    /// <param name="victim">The runtime.</param>
    /// <param name="target">Where the symlink leads; the victim's outside directory where null.</param>
    public SharedVolume(Victim victim, string? target = null)
    {
        Path = victim.NewFolder();
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "a", "target"));
        File.CreateSymbolicLink(System.IO.Path.Combine(Path, "b"), target ?? victim.Outside);
        _attacker = new Bundle(["/bin/swap", "/vol/a", "/vol/b"], edit: config => config.Bind(Path, "/vol"));
        Attack.Install(_attacker.Rootfs, "swap");
        _attack = victim.Start(_attacker, victim.NewId(), "swapping");
    }

    /// <summary>The volume on the host.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _attack.Dispose();
        _attacker.Dispose();
    }
}
