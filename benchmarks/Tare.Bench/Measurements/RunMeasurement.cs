using Tare.Bench.Measuring;
using Tare.Bench.Peers;
using Tare.Bench.Subjects;

namespace Tare.Bench.Measurements;

/// <summary><c>run</c> of an OCI runtime.</summary>
internal static class RunMeasurement
{
    private const string Floor = "C, the same calls";

    public static Measurement Make(Site site)
    {
        List<Subject> subjects =
        [
            Runtime("tare-oci", new Peer("", site.Peers.Machine, [site.TareOci]), site),
            new CommandSubject(Floor, site.Peers.Machine, site.Floor, "run", site.Bundle.Rootfs, Site.NewId("floor")),
        ];
        List<Goal> goals = [new(Floor, 1.5)];
        List<string> remarks = [];
        Add(site.Peers.Crun, "crun", 0.4);
        Add(site.Peers.NewCrun, "crun of Debian's sid", 0.55);
        Add(site.Peers.Runc, "runc", 0.18);
        return new Measurement
        {
            Name = "run",
            Title = "`run` of the default bundle, from the command line to its end",
            Subjects = subjects,
            Goals = goals,
            Remarks = remarks,
        };

        void Add(Peer? peer, string name, double limit)
        {
            if (peer is null)
            {
                remarks.Add($"{name} is not here");
                return;
            }

            subjects.Add(Runtime(peer.Name, peer, site));
            goals.Add(new Goal(peer.Name, limit));
        }
    }

    /// <summary>Two builds of tare-oci.</summary>
    public static Measurement Against(Site site, string other) =>
        new()
        {
            Name = "run",
            Title = "`tare-oci run` of the default bundle, this build and another",
            Subjects =
            [
                Runtime("this build", new Peer("", site.Peers.Machine, [site.TareOci]), site),
                Runtime(other, new Peer("", site.Peers.Machine, [other]), site),
            ],
            Goals = [new Goal(other, 1)],
        };

    private static CommandSubject Runtime(string name, Peer peer, Site site) =>
        new(name, peer.View, [.. peer.Words, "run", "--bundle", site.Bundle.Path, Site.NewId("run")]);
}
