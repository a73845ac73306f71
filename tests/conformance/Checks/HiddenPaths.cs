using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class HiddenPaths
{
    public static Group Group { get; } =
        new(
            "Masked and read-only paths",
            "config-linux.md: maskedPaths, readonlyPaths",
            [
                new(
                    "O-185",
                    "a masked file is empty, and cannot be written",
                    site =>
                        Assert.Equal(
                            ["0"],
                            site.Lines(
                                "cat /etc/passwd | wc -c; echo x 2>/dev/null >>/etc/passwd; test ! -s /etc/passwd",
                                config => config.Put("linux.maskedPaths", "[\"/etc/passwd\"]")
                            )
                        )
                ),
                new(
                    "O-185",
                    "a masked directory is empty, and nothing can be made in it",
                    site =>
                        Assert.Equal(
                            ["0", "no"],
                            site.Lines(
                                "ls -A /etc | wc -l; touch /etc/x 2>/dev/null || echo no",
                                config => config.Put("linux.maskedPaths", "[\"/etc\"]")
                            )
                        )
                ),
                new(
                    "O-185",
                    "a masked file of /proc is empty",
                    site =>
                        Assert.Equal(
                            ["0"],
                            site.Lines(
                                "cat /proc/meminfo | wc -c",
                                config => config.Put("linux.maskedPaths", "[\"/proc/meminfo\"]")
                            )
                        )
                ),
                new(
                    "O-185",
                    "a masked path that is not there is passed over",
                    site =>
                        site.Run("test ! -e /nosuch", config => config.Put("linux.maskedPaths", "[\"/nosuch/path\"]"))
                            .ShouldSucceed()
                ),
                new(
                    "O-185",
                    "a relative masked path does not reveal anything",
                    site =>
                    {
                        Tare.Fixtures.ToolResult run = site.Run(
                            "cat /etc/passwd | wc -c",
                            config => config.Put("linux.maskedPaths", "[\"etc/passwd\"]")
                        );
                        Assert.True(run.ExitCode != 0 || run.Output == "0\n", "the path is passed over in silence");
                    }
                ),
                new(
                    "O-186",
                    "a read-only path can be read and not be written",
                    site =>
                        Assert.Equal(
                            ["readable", "not writable"],
                            site.Lines(
                                $"cat {Site.Shared}/file; touch {Site.Shared}/new 2>/dev/null || echo not writable",
                                config =>
                                {
                                    File.WriteAllText(Path.Combine(site.Exchange, "file"), "readable\n");
                                    site.Share(config).Put("linux.readonlyPaths", $"[\"{Site.Shared}\"]");
                                }
                            )
                        )
                ),
                new(
                    "O-186",
                    "a read-only file of /proc cannot be written",
                    site =>
                        Assert.NotEqual(
                            0,
                            site.Run(
                                "echo h >/proc/sys/kernel/domainname",
                                config => config.Put("linux.readonlyPaths", "[\"/proc/sys\"]")
                            ).ExitCode
                        )
                ),
                new(
                    "O-186",
                    "a read-only path that is not there is passed over",
                    site =>
                        site.Run("true", config => config.Put("linux.readonlyPaths", "[\"/nosuch/path\"]"))
                            .ShouldSucceed()
                ),
            ]
        );
}
