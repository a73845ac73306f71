using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests.Escapes;

/// <summary>What a container can do to others that are being made.</summary>
public sealed class InterferenceTests
{
    // The kernel gives up a walk that goes upwards inside a root whenever somebody renames anything, wherever that is.
    [Fact]
    public void Who_renames_all_the_time_keeps_no_container_from_being_made()
    {
        using Victim victim = new();
        using SharedVolume volume = new(victim);
        using Bundle bundle = new(
            ["echo", "started"],
            edit: config => config.Mount("/links/up/target", "tmpfs", "tmpfs").Writable()
        );
        Directory.CreateDirectory(Path.Combine(bundle.Rootfs, "links"));
        Directory.CreateDirectory(Path.Combine(bundle.Rootfs, "real", "place"));
        File.CreateSymbolicLink(Path.Combine(bundle.Rootfs, "links", "up"), "../real/../real/../real/place");

        Race race = Race.Run(victim, bundle.Path, times: 200);

        Assert.True(race.Refused == 0, race.Errors);
    }
}
