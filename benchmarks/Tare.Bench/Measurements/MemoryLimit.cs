using Tare.Bench.Bundles;
using Tare.Bench.Peers;
using Tare.Bench.Subjects;
using Tare.Linux;

namespace Tare.Bench.Measurements;

/// <summary>
/// Whether runtimes run the default bundle with a memory limit of 512 KiB: what they need for setting the container up must
/// not be charged to it.
/// </summary>
internal static class MemoryLimit
{
    public const string Name = "limit";
    private const long Limit = 512 * 1024;
    private const int Attempts = 10;

    /// <summary>How often each got its program to run.</summary>
    public static IReadOnlyList<(string Runtime, string Outcome)> Try(Site site)
    {
        using DefaultBundle bundle = new(site.Layout.Mode == CgroupMode.Unified, Limit);
        List<(string Runtime, string Outcome)> outcomes = [];
        Peer own = new("tare-oci", site.Peers.Machine, [site.TareOci]);
        foreach (Peer? peer in (Peer?[])[own, site.Peers.Crun, site.Peers.NewCrun, site.Peers.Runc])
        {
            if (peer is null)
            {
                continue;
            }

            string id = Site.NewId(Name);
            Command run = new(peer.View, [.. peer.Words, "run", "--bundle", bundle.Path, id]);
            Command clean = new(peer.View, [.. peer.Words, "delete", "--force", id]);
            int good = 0;
            for (int i = 0; i < Attempts; i++)
            {
                run.Run(out ExitStatus status);
                if (status.Success)
                {
                    good++;
                }
                else
                {
                    clean.Run(out _);
                }
            }

            outcomes.Add((peer.Name, $"{good} of {Attempts}"));
        }

        return outcomes;
    }
}
