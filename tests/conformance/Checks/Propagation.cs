using System.Text.Json.Nodes;
using Tare.Conformance.Suite;
using Tare.Fixtures;

namespace Tare.Conformance.Checks;

internal static class Propagation
{
    private static readonly (string Option, string Pattern)[] OfMounts =
    [
        ("private", "^$"),
        ("rprivate", "^$"),
        ("shared", "shared:"),
        ("rshared", "shared:"),
        ("unbindable", "unbindable"),
        ("runbindable", "unbindable"),
    ];

    public static Group Group { get; } =
        new(
            "Propagation of mounts",
            "config.md: mount options; config-linux.md: rootfsPropagation",
            [
                .. OfMounts.Select(row => new Check(
                    "O-027 O-028",
                    $"{row.Option} of a mount",
                    site =>
                        Assert.Matches(
                            row.Pattern,
                            Optional(site, "/mnt", config => config.Mount("/mnt", "tmpfs", "tmpfs", row.Option))
                        )
                )),
                new(
                    "O-027 O-038",
                    "slave of a bind mount: what is mounted on the machine later is seen",
                    site => Assert.Equal("seen", Later(site, "rslave"))
                ),
                new(
                    "O-027 O-038",
                    "private of a bind mount: what is mounted on the machine later is not seen",
                    site => Assert.Equal("not seen", Later(site, "rprivate"))
                ),
                new(
                    "O-184",
                    "rootfsPropagation private",
                    site =>
                        Assert.Equal(
                            "",
                            Optional(site, "/", config => config.PutText("linux.rootfsPropagation", "private"))
                        )
                ),
                new(
                    "O-184",
                    "rootfsPropagation slave",
                    site =>
                        Assert.DoesNotContain(
                            "shared:",
                            Optional(site, "/", config => config.PutText("linux.rootfsPropagation", "slave"))
                        )
                ),
                new(
                    "O-184",
                    "rootfsPropagation shared",
                    site =>
                        Assert.Contains(
                            "shared:",
                            Optional(site, "/", config => config.PutText("linux.rootfsPropagation", "shared"))
                        )
                ),
                new(
                    "O-184",
                    "rootfsPropagation unbindable",
                    site =>
                        Assert.Contains(
                            "unbindable",
                            Optional(site, "/", config => config.PutText("linux.rootfsPropagation", "unbindable"))
                        )
                ),
                new(
                    "O-184",
                    "a propagation that there is not is refused",
                    site => site.Refuses(config => config.PutText("linux.rootfsPropagation", "nosuch"))
                ),
                new(
                    "O-092",
                    "no mount of the container is seen on the machine",
                    site =>
                    {
                        Container container = site.Started(edit: config => config.Mount("/mnt", "tmpfs", "tmpfs"));
                        Assert.DoesNotContain(
                            File.ReadLines("/proc/self/mountinfo"),
                            line => line.Contains(SharedRootfs.Path) || line.Contains(container.Bundle)
                        );
                    }
                ),
            ]
        );

    /// <summary>The optional fields of a mount point, by which the kernel shows how it propagates.</summary>
    private static string Optional(Site site, string at, Action<JsonObject> edit)
    {
        string line = site.Lines($"awk '$5 == \"{at}\"' /proc/self/mountinfo", edit)[^1];
        return line.Split(" - ")[0].Split(' ', 7) is [.., string optional] fields && fields.Length == 7 ? optional : "";
    }

    private static string Later(Site site, string option)
    {
        string volume = site.Exchange;
        Tool.Run("mount", "--bind", volume, volume).ShouldSucceed();
        try
        {
            Tool.Run("mount", "--make-shared", volume).ShouldSucceed();
            Directory.CreateDirectory(Path.Combine(volume, "later"));
            Container container = site.Started(edit: config => config.Bind(volume, Site.Shared, option));
            Tool.Run("mount", "-t", "tmpfs", "later", Path.Combine(volume, "later")).ShouldSucceed();
            return container.Proc("mountinfo").Contains("/var/later ") ? "seen" : "not seen";
        }
        finally
        {
            Tool.Run("umount", "--recursive", volume).ShouldSucceed();
        }
    }
}
