using Tare.Bench.Measuring;
using Tare.Bench.Subjects;

namespace Tare.Bench.Measurements;

/// <summary>A command on this machine's own files: ours on a copy-on-write view of them, bubblewrap's on the files themselves.</summary>
internal static class SandboxMeasurement
{
    private static readonly string[] Bubblewrap =
    [
        "--bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/tmp",
        "--tmpfs",
        "/var/tmp",
        "--unshare-pid",
        "--unshare-uts",
        "--unshare-ipc",
        "--unshare-net",
        "--unshare-cgroup",
        "--cap-drop",
        "ALL",
        "--die-with-parent",
        "--",
        "true",
    ];

    public static Measurement Make(Site site)
    {
        List<Subject> subjects = [new CommandSubject("tare run", site.Peers.Machine, site.Tare, "run", "--", "true")];
        List<Goal> goals = [];
        List<string> remarks = [];
        if (site.Peers.Bubblewrap is { } bubblewrap)
        {
            subjects.Add(new CommandSubject(bubblewrap.Name, bubblewrap.View, [.. bubblewrap.Words, .. Bubblewrap]));
            goals.Add(new Goal(bubblewrap.Name, 2));
        }
        else
        {
            remarks.Add("bubblewrap is not here");
        }

        return new Measurement
        {
            Name = "sandbox",
            Title = "`tare run -- true`, and bubblewrap with the same namespaces and no overlay",
            Subjects = subjects,
            Goals = goals,
            Remarks = remarks,
        };
    }
}
