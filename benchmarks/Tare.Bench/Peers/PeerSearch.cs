using Tare.Bench.Subjects;
using Tare.Linux;

namespace Tare.Bench.Peers;

/// <summary>
/// Finds the peers that this machine has. crun takes a machine with cgroups of both versions for one of version 1 and then
/// fails on the second hierarchy, so it runs where that is not mounted; it has less to do there.
/// </summary>
internal sealed class PeerSearch : IDisposable
{
    private readonly MountView? legacy;

    public PeerSearch(CgroupLayout layout, string artifacts)
    {
        Machine = MountView.OfMachine();
        legacy = layout.Mode == CgroupMode.Hybrid ? MountView.Without(layout.Unified!.MountPoint) : null;
        MountView crunView = legacy ?? Machine;
        Crun = Find(crunView, "/usr/bin/crun");
        string sid = $"{artifacts}/bench/sid/usr";
        string libraries = $"{sid}/lib/x86_64-linux-gnu";
        NewCrun = File.Exists($"{sid}/bin/crun")
            ? Find(crunView, $"{libraries}/ld-linux-x86-64.so.2", "--library-path", libraries, $"{sid}/bin/crun")
            : null;
        Runc = Find(Machine, "/usr/sbin/runc");
        Bubblewrap = Find(Machine, "/usr/bin/bwrap");

        // It does not tell its version, and no distribution of ours packages it.
        const string nsjail = "/usr/local/bin/nsjail";
        Nsjail = File.Exists(nsjail) ? new Peer("nsjail", Machine, [nsjail]) : null;
        PortaPty = Find(Machine, $"{artifacts}/bench/porta-pty/porta-pty");
    }

    /// <summary>The machine as it is.</summary>
    public MountView Machine { get; }

    /// <summary>Debian's crun.</summary>
    public Peer? Crun { get; }

    /// <summary>The newest crun, which runs with the libraries that it was built with, and their loader.</summary>
    public Peer? NewCrun { get; }

    /// <summary>Debian's runc.</summary>
    public Peer? Runc { get; }

    /// <summary>bubblewrap.</summary>
    public Peer? Bubblewrap { get; }

    /// <summary>nsjail, where somebody built it and installed it for this machine.</summary>
    public Peer? Nsjail { get; }

    /// <summary>The loop around Porta.Pty, where its package is to be had.</summary>
    public Peer? PortaPty { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        legacy?.Dispose();
        Machine.Dispose();
    }

    private static Peer? Find(MountView view, params string[] words)
    {
        if (!File.Exists(words[^1]))
        {
            return null;
        }

        string line = CommandOutput.Lines([.. words, "--version"])[0];
        return new Peer(line.Replace(" version ", " ", StringComparison.Ordinal), view, words);
    }
}
