using Tare.Bench.Measuring;
using Tare.Bench.Peers;
using Tare.Bench.Subjects;

namespace Tare.Bench.Measurements;

/// <summary><c>create</c>, <c>start</c>, <c>delete</c>: what an engine does with an OCI runtime.</summary>
internal static class LifecycleMeasurement
{
    public static Measurement Make(Site site)
    {
        List<Subject> subjects = [Runtime("tare-oci", new Peer("", site.Peers.Machine, [site.TareOci]), site)];
        List<Goal> goals = [];
        List<string> remarks = [];
        Add(site.Peers.Crun, "crun", 0.4);
        Add(site.Peers.NewCrun, "crun of Debian's sid", null);
        Add(site.Peers.Runc, "runc", 0.25);
        return new Measurement
        {
            Name = "lifecycle",
            Title = "`create`, `start` and `delete` of the default bundle, added up",
            Subjects = subjects,
            Goals = goals,
            Remarks = remarks,
        };

        void Add(Peer? peer, string name, double? limit)
        {
            if (peer is null)
            {
                remarks.Add($"{name} is not here");
                return;
            }

            subjects.Add(Runtime(peer.Name, peer, site));
            if (limit is { } given)
            {
                goals.Add(new Goal(peer.Name, given));
            }
        }
    }

    /// <summary>Two builds of tare-oci.</summary>
    public static Measurement Against(Site site, string other) =>
        new()
        {
            Name = "lifecycle",
            Title = "`create`, `start` and `delete` of tare-oci, this build and another",
            Subjects =
            [
                Runtime("this build", new Peer("", site.Peers.Machine, [site.TareOci]), site),
                Runtime(other, new Peer("", site.Peers.Machine, [other]), site),
            ],
            Goals = [new Goal(other, 1)],
        };

    private static LifecycleSubject Runtime(string name, Peer peer, Site site) =>
        new(name, peer.View, peer.Words, site.Bundle.Path, Site.NewId("lifecycle"));
}
