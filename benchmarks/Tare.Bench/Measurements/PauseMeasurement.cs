using Tare.Bench.Bundles;
using Tare.Bench.Measuring;
using Tare.Bench.Peers;
using Tare.Bench.Subjects;
using Tare.Linux;

namespace Tare.Bench.Measurements;

/// <summary><c>pause</c> and <c>resume</c>: in a program, and as commands.</summary>
internal static class PauseMeasurement
{
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(1);

    public static Measurement Make(Site site)
    {
        DefaultBundle bundle = new(site.Layout.Mode == CgroupMode.Unified, null, "sleep", "100000");
        string state = Directory.CreateTempSubdirectory("tare-bench-").FullName;
        Peer ours = new("tare-oci", site.Peers.Machine, [site.TareOci, "--root", state]);
        LiveContainer own = new(ours, bundle.Path, Site.NewId("pause"));
        List<IDisposable> kept = [own, new Removal(state), bundle];
        List<Subject> subjects =
        [
            new FreezerSubject("pause, in a program", own, state, pauses: true),
            new FreezerSubject("resume, in a program", own, state, pauses: false),
        ];
        Dictionary<string, string> counterparts = [];
        Add(ours, own);
        if (site.Peers.Crun is { } crun)
        {
            LiveContainer container = new(crun, bundle.Path, Site.NewId("pause-crun"));
            kept.Insert(0, container);
            Add(crun, container);
        }

        if (site.Peers.Runc is { } runc)
        {
            LiveContainer container = new(runc, bundle.Path, Site.NewId("pause-runc"));
            kept.Insert(0, container);
            Add(runc, container);
        }

        return new Measurement
        {
            Name = "pause",
            Title = "`pause` and `resume` of a container with one process",
            Subjects = subjects,
            Counterparts = counterparts,
            Goals = [.. subjects.Take(4).Select(subject => Goal.Most(subject.Name, Most))],
            Remarks =
            [
                "Ratios are of commands, which take the start of a program besides: `tare-oci --version` is that.",
            ],
            Kept = kept,
        };

        void Add(Peer peer, LiveContainer container)
        {
            subjects.Add(new InContainerSubject($"{peer.Name} pause", container, ["pause"], after: ["resume"]));
            subjects.Add(new InContainerSubject($"{peer.Name} resume", container, ["resume"], before: ["pause"]));
            if (peer != ours)
            {
                counterparts[$"{peer.Name} pause"] = $"{ours.Name} pause";
                counterparts[$"{peer.Name} resume"] = $"{ours.Name} resume";
            }
        }
    }

    private sealed class Removal(string folder) : IDisposable
    {
        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
