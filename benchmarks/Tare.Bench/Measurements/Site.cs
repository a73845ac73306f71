using Tare.Bench.Bundles;
using Tare.Bench.Peers;
using Tare.Linux;

namespace Tare.Bench.Measurements;

/// <summary>What all measurements use: our programs, the floor, the peers, a bundle.</summary>
internal sealed class Site : IDisposable
{
    public Site(string root)
    {
        Root = root;
        Layout = CgroupLayout.Read().OrThrow("read which cgroups there are");
        Bundle = new DefaultBundle(Layout.Mode == CgroupMode.Unified);
        Peers = new PeerSearch(Layout, $"{root}/artifacts");
    }

    /// <summary>The repository.</summary>
    public string Root { get; }

    /// <summary>The machine's cgroups.</summary>
    public CgroupLayout Layout { get; }

    /// <summary>What is run.</summary>
    public DefaultBundle Bundle { get; }

    /// <summary>What others wrote.</summary>
    public PeerSearch Peers { get; }

    /// <summary>The C program that makes the same calls.</summary>
    public string Floor => $"{Root}/artifacts/bench/floor";

    /// <summary>The C program that tells another's peak of memory.</summary>
    public string PeakProgram => $"{Root}/artifacts/bench/peak";

    /// <summary>The C programs that start and read others.</summary>
    public string Spawn => $"{Root}/artifacts/bench/spawn";

    /// <summary>Our OCI runtime.</summary>
    public string TareOci => $"{Root}/artifacts/bin/tare-oci";

    /// <summary>What people type.</summary>
    public string Tare => $"{Root}/artifacts/bin/tare";

    /// <summary>A name that is nobody else's.</summary>
    public static string NewId(string of) => $"tare-bench-{Environment.ProcessId}-{of}";

    /// <inheritdoc/>
    public void Dispose()
    {
        Peers.Dispose();
        Bundle.Dispose();
    }
}
