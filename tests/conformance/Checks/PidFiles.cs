using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class PidFiles
{
    public static Group Group { get; } =
        new(
            "Pid files",
            "callers of runc",
            [
                new(
                    "C-11",
                    "create writes the first process's number, and nothing else",
                    site =>
                    {
                        string file = site.Folder.At("pid");
                        Container container = site.CreateFrom(site.NewBundle(["sleep", "1000"]), "--pid-file", file);
                        Assert.Equal($"{container.ProcessId}", File.ReadAllText(file));
                    }
                ),
                new(
                    "C-11",
                    "run --detach writes it",
                    site =>
                    {
                        string id = site.NewId();
                        string file = site.Folder.At("pid");
                        site.Shell(
                                "\"$@\" </dev/null >/dev/null 2>&1",
                                "run",
                                "--detach",
                                "--pid-file",
                                file,
                                "--bundle",
                                site.NewBundle(["sleep", "1000"]),
                                id
                            )
                            .ShouldSucceed();
                        Assert.Contains($"\"pid\":{File.ReadAllText(file)}", Compact(site.Do("state", id).Output));
                    }
                ),
                new(
                    "C-41",
                    "exec --detach writes the number of its own process",
                    site =>
                    {
                        Container container = site.Started();
                        string file = site.Folder.At("pid");
                        site.Shell(
                                "\"$@\" </dev/null >/dev/null 2>&1",
                                "exec",
                                "--detach",
                                "--pid-file",
                                file,
                                container.Id,
                                "sleep",
                                "77"
                            )
                            .ShouldSucceed();
                        string process = File.ReadAllText(file);
                        Assert.NotEqual($"{container.ProcessId}", process);
                        Assert.Equal("sleep\u000077\0", File.ReadAllText($"/proc/{process}/cmdline"));
                    }
                ),
                new(
                    "C-11",
                    "a pid file that was there is replaced",
                    site =>
                    {
                        string file = site.Folder.Write("pid", "1234567890\nsomething\n");
                        Container container = site.CreateFrom(site.NewBundle(["sleep", "1000"]), "--pid-file", file);
                        Assert.Equal($"{container.ProcessId}", File.ReadAllText(file));
                    }
                ),
                new(
                    "C-11",
                    "a pid file that cannot be written makes create fail, and nothing stays",
                    site =>
                    {
                        string id = site.NewId();
                        string bundle = site.NewBundle(["true"]);
                        Assert.NotEqual(
                            0,
                            site.Create(bundle, id, "--pid-file", site.Folder.At("missing", "pid")).ExitCode
                        );
                        Assert.NotEqual(0, site.Do("state", id).ExitCode);
                    }
                ),
            ]
        );

    private static string Compact(string json) =>
        json.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
