using Tare.Bench.Bundles;
using Tare.Bench.Measuring;
using Tare.Bench.Peers;
using Tare.Bench.Subjects;
using Tare.Linux;

namespace Tare.Bench.Measurements;

/// <summary><c>exec</c> of <c>true</c> in a container that runs.</summary>
internal static class ExecMeasurement
{
    public static Measurement Make(Site site)
    {
        DefaultBundle bundle = new(site.Layout.Mode == CgroupMode.Unified, null, "sleep", "100000");
        List<IDisposable> kept = [bundle];
        List<Subject> subjects = [];
        List<Goal> goals = [];
        List<string> remarks = [];
        Add(new Peer("tare-oci", site.Peers.Machine, [site.TareOci]), "tare-oci", null);
        Add(site.Peers.Crun, "crun", 0.5);
        Add(site.Peers.NewCrun, "crun of Debian's sid", null);
        Add(site.Peers.Runc, "runc", 0.15);
        return new Measurement
        {
            Name = "exec",
            Title = "`exec` of `true` in a container that runs",
            Subjects = subjects,
            Goals = goals,
            Remarks = remarks,
            Kept = kept,
        };

        void Add(Peer? peer, string name, double? limit)
        {
            if (peer is null)
            {
                remarks.Add($"{name} is not here");
                return;
            }

            LiveContainer container = new(peer, bundle.Path, Site.NewId($"exec-{subjects.Count}"));
            kept.Insert(0, container);
            subjects.Add(new InContainerSubject(peer.Name, container, ["exec", "true"]));
            if (limit is { } given)
            {
                goals.Add(new Goal(peer.Name, given));
            }
        }
    }
}
