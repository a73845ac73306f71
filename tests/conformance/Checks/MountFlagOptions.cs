using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class MountFlagOptions
{
    // What has to stand among a mount's own options, or must not: with '!'.
    private static readonly (string Row, string[] Options, string[] Shown)[] OnTmpfs =
    [
        ("O-017", ["ro"], ["ro"]),
        ("O-017", ["ro", "rw"], ["rw"]),
        ("O-017", ["nosuid"], ["nosuid"]),
        ("O-017", ["nosuid", "suid"], ["!nosuid"]),
        ("O-017", ["nodev"], ["nodev"]),
        ("O-017", ["nodev", "dev"], ["!nodev"]),
        ("O-017", ["noexec"], ["noexec"]),
        ("O-017", ["noexec", "exec"], ["!noexec"]),
        ("O-019", ["noatime"], ["noatime"]),
        ("O-019", ["nodiratime"], ["nodiratime"]),
        ("O-019", ["relatime"], ["relatime"]),
        ("O-019", ["strictatime"], ["!relatime", "!noatime"]),
        ("O-024", ["defaults"], ["rw"]),
        ("O-026", ["nosymfollow"], ["nosymfollow"]),
        ("O-029", ["rro"], ["ro"]),
        ("O-030", ["rnosuid", "rnoexec"], ["nosuid", "noexec"]),
        ("O-031", ["rnoatime"], ["noatime"]),
    ];

    // Of the file system as a whole.
    private static readonly (string Row, string Option, string Shown)[] OfFileSystem =
    [
        ("O-018", "sync", "sync"),
        ("O-018", "dirsync", "dirsync"),
        ("O-021", "lazytime", "lazytime"),
        ("O-022", "silent", "rw"),
        ("O-020", "iversion", "rw"),
    ];

    private static readonly string[][] OnBind =
    [
        ["ro"],
        ["nosuid"],
        ["nodev"],
        ["noexec"],
        ["noatime"],
    ];

    public static Group Group { get; } =
        new(
            "Mount options",
            "config.md: Linux mount options",
            [
                .. OnTmpfs.Select(row => new Check(
                    row.Row,
                    $"{string.Join(',', row.Options)} of a tmpfs",
                    site =>
                    {
                        string[] shown = Field(
                            site,
                            "$6",
                            config => config.Mount("/mnt", "tmpfs", "tmpfs", row.Options)
                        );
                        foreach (string option in row.Shown)
                        {
                            if (option[0] == '!')
                            {
                                Assert.DoesNotContain(option[1..], shown);
                            }
                            else
                            {
                                Assert.Contains(option, shown);
                            }
                        }
                    }
                )),
                .. OfFileSystem.Select(row => new Check(
                    row.Row,
                    $"{row.Option} of a tmpfs",
                    site =>
                        Assert.Contains(
                            row.Shown,
                            Field(site, "$NF", config => config.Mount("/mnt", "tmpfs", "tmpfs", row.Option))
                        )
                )),
                .. OnBind.Select(options => new Check(
                    "O-017 O-019",
                    $"{options[0]} of a bind mount",
                    site =>
                        Assert.Contains(
                            options[0],
                            Field(site, "$6", config => config.Bind(site.Exchange, "/mnt", options))
                        )
                )),
                new(
                    "O-029",
                    "rro of a bind mount holds for what is mounted below",
                    site =>
                        site.Run(
                                "grep ' /mnt/pts ' /proc/self/mountinfo | grep -q ' ro,'",
                                config => config.Mount("/mnt", "bind", "/dev", "rbind", "rro")
                            )
                            .ShouldSucceed()
                ),
                new(
                    "O-025",
                    "remount changes the options of what is mounted",
                    site =>
                        Assert.Contains(
                            "ro",
                            Field(
                                site,
                                "$6",
                                config =>
                                    config
                                        .Mount("/mnt", "tmpfs", "tmpfs")
                                        .Mount("/mnt", "tmpfs", "tmpfs", "remount", "ro", "nosuid")
                            )
                        )
                ),
                new(
                    "O-017",
                    "ro keeps the program from writing",
                    site =>
                        Assert.NotEqual(
                            0,
                            site.Run(
                                "echo >/var/file",
                                config => config.Bind(site.Exchange, Site.Shared, "ro")
                            ).ExitCode
                        )
                ),
                new(
                    "O-017",
                    "noexec keeps the program from executing",
                    site =>
                        Assert.NotEqual(
                            0,
                            site.Run(
                                "cp /bin/busybox /mnt/true && /mnt/true",
                                config => config.Mount("/mnt", "tmpfs", "tmpfs", "noexec")
                            ).ExitCode
                        )
                ),
            ]
        );

    private static string[] Field(Site site, string field, Action<System.Text.Json.Nodes.JsonObject> edit) =>
        site.Lines($"awk '$5 == \"/mnt\" {{ at = {field} }} END {{ print at }}' /proc/self/mountinfo", edit)[0]
            .Split(',');
}
