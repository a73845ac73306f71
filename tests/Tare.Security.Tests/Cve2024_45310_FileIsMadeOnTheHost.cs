using Tare.Fixtures;
using Tare.Security.Tests.Arena;

namespace Tare.Security.Tests;

/// <summary>
/// A mount target that is missing is made by the runtime; where a directory on the way is exchanged for a symlink meanwhile,
/// an empty file or directory appears on the host.
/// </summary>
public sealed class Cve2024_45310_FileIsMadeOnTheHost
{
    private static readonly int Times = Race.Tries / 2;

    [Theory]
    [InlineData("file")]
    [InlineData("directory")]
    public void What_is_missing_is_made_inside(string kind)
    {
        using Victim victim = new();
        using SharedVolume volume = new(victim);
        string source = kind == "file" ? victim.Canary : victim.NewFolder();
        using Bundle bundle = new(
            ["echo", "started"],
            edit: config => config.Bind(volume.Path, "/vol").Bind(source, "/vol/a/new/name").Writable()
        );

        // What was made is removed again, wherever that is, so that it is missing each time.
        Race race = Race.Run(
            victim,
            bundle.Path,
            Times,
            between: $"[ -e {victim.Outside}/new ] && echo outside; rm -rf {volume.Path}/[ab]/new"
        );

        Assert.True(race.Started > Times / 10, $"too few were made: {race.Errors}");
        Assert.Equal(["started"], race.Output.Distinct());
        victim.HostShouldBeUntouched();
    }

    [Trait(Control.Trait, Control.OfAttack)]
    [Fact]
    public void A_runtime_that_goes_by_the_path_makes_it_outside()
    {
        using Victim victim = new();
        using SharedVolume volume = new(victim);

        ToolResult result = Tool.Run(
            "sh",
            "-c",
            $"for i in $(seq 2000); do mkdir -p {volume.Path}/a/new/name 2>/dev/null; "
                + $"[ -e {victim.Outside}/new ] && echo outside && exit; rm -rf {volume.Path}/[ab]/new; done"
        );

        Assert.Equal("outside\n", result.Output);
    }
}
