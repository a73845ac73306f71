using Tare.Bench.Measuring;
using Tare.Bench.Subjects;
using Tare.Runtime.Validation;

namespace Tare.Bench.Measurements;

/// <summary>A launch from a running program.</summary>
internal static class LaunchMeasurement
{
    private const string Floor = "C, the same calls";

    public static Measurement Make(Site site)
    {
        ValidatedSpec spec = SpecValidator.Validate(site.Bundle.Spec, new ValidationContext(site.Bundle.Path));
        return new Measurement
        {
            Name = "launch",
            Title = "A container launched by a running program, cgroups made before, to the end of `true`",
            Subjects =
            [
                new LaunchSubject("Tare.Launch", spec, Site.NewId("launch")),
                new FloorLoopSubject(Floor, site.Floor, site.Bundle.Rootfs, Site.NewId("floor")),
            ],
            Goals = [new Goal(Floor, 1.05)],
        };
    }
}
