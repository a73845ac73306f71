using Tare.Bench.Measuring;
using Tare.Bench.Subjects;

namespace Tare.Bench.Measurements;

/// <summary>What it costs that no container reaches the runtime's file (CVE-2019-5736): docs/adr/0004-sealed-image.md.</summary>
internal static class SealMeasurement
{
    public static Measurement Make(Site site)
    {
        List<Subject> subjects =
        [
            new SealSubject("launch of `true`, sealed", "/usr/bin/busybox", isSealed: true),
            new SealSubject("the same, not sealed", "/usr/bin/busybox", isSealed: false),
            new CopySubject("a copy of tare-oci's file into sealed memory", site.TareOci),
        ];
        List<string> remarks = [];
        if (site.Peers.Runc is { } runc)
        {
            subjects.Add(new CopySubject("a copy of runc's file into sealed memory", runc.Words[^1]));
        }
        else
        {
            remarks.Add("runc is not here");
        }

        return new Measurement
        {
            Name = "seal",
            Title = "What it costs that no container reaches the runtime's file",
            Subjects = subjects,
            Goals = [],
            Remarks = remarks,
        };
    }
}
