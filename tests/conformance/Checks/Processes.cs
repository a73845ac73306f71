using Tare.Conformance.Suite;
using Tare.Fixtures;

namespace Tare.Conformance.Checks;

internal static class Processes
{
    public static Group Group { get; } =
        new(
            "Process",
            "config.md: process",
            [
                new(
                    "O-051",
                    "arguments reach the program as they are",
                    site =>
                    {
                        string[] arguments = ["a b", "", "tab\tquote'\"", "two\nlines", "ünï", "-x", "$HOME"];
                        Assert.Equal(
                            string.Concat(arguments.Select(argument => $"<{argument}>")) + "\n",
                            site.RunProgram(["printf", "<%s><%s><%s><%s><%s><%s><%s>\\n", .. arguments])
                                .ShouldSucceed()
                                .Output
                        );
                    }
                ),
                new(
                    "O-051",
                    "no arguments are refused",
                    site => site.Refuses(config => config.Put("process.args", "[]"))
                ),
                new(
                    "O-051",
                    "the program is looked for in the container's PATH",
                    site =>
                    {
                        site.RunProgram(["true"]).ShouldSucceed();
                        Assert.NotEqual(
                            0,
                            site.RunProgram(["true"], config => config.Put("process.env", "[\"PATH=/etc\"]")).ExitCode
                        );
                    }
                ),
                new(
                    "O-051 P-04",
                    "a program that is nowhere in PATH is said to be not found",
                    site =>
                        Fails(
                            site.RunProgram(["no-such-program"]),
                            "executable file (`no-such-program` )?not found in \\$PATH"
                        )
                ),
                new(
                    "O-051 P-04",
                    "a program whose path leads nowhere is said to be no file",
                    site => Fails(site.RunProgram(["/no/such/program"]), "[Nn]o such file or directory")
                ),
                new(
                    "O-051 P-04",
                    "a program that may not be executed is said to be denied",
                    site => Fails(site.RunProgram(["/etc/passwd"]), "[Pp]ermission denied")
                ),
                new(
                    "O-052",
                    "the environment is the one asked for, and none of the runtime's",
                    site =>
                        Assert.Equal(
                            ["A=1", "B=two words", "PATH=/bin"],
                            site.Do(
                                    [
                                        "run",
                                        "--bundle",
                                        site.NewBundle(
                                            ["env"],
                                            config =>
                                                config.Put("process.env", "[\"PATH=/bin\",\"A=1\",\"B=two words\"]")
                                        ),
                                        site.NewId(),
                                    ],
                                    "",
                                    new Dictionary<string, string?> { ["LEAKED"] = "yes" }
                                )
                                .ShouldSucceed()
                                .Lines.Where(line => !line.StartsWith("HOME=", StringComparison.Ordinal))
                                .Order(StringComparer.Ordinal)
                        )
                ),
                new(
                    "O-053",
                    "the working directory is the one asked for",
                    site => Assert.Equal(["/tmp"], site.Lines("pwd", config => config.PutText("process.cwd", "/tmp")))
                ),
                new(
                    "O-053",
                    "a relative working directory is refused",
                    site => site.Refuses(config => config.PutText("process.cwd", "tmp"))
                ),
                new(
                    "O-053",
                    "a working directory that is none is refused",
                    site => site.Refuses(config => config.PutText("process.cwd", "/etc/passwd"))
                ),
                new(
                    "O-056",
                    "user and group are those asked for",
                    site =>
                        Assert.Equal(
                            ["1000 1000 1000 1000", "2000 2000 2000 2000"],
                            site.Lines(
                                "sed -n 's/^[UG]id:\\t//p' /proc/self/status | tr '\\t' ' '",
                                config => config.Put("process.user", "{\"uid\":1000,\"gid\":2000}")
                            )
                        )
                ),
                new(
                    "O-057",
                    "supplementary groups are those asked for, and none of the caller's",
                    site =>
                        Assert.Equal(
                            ["7 8"],
                            site.Lines(
                                "sed -n 's/^Groups:\\t//p' /proc/self/status | sed 's/ *$//'",
                                config => config.Put("process.user", "{\"uid\":0,\"gid\":0,\"additionalGids\":[7,8]}")
                            )
                        )
                ),
                new(
                    "O-058",
                    "the umask is the one asked for",
                    site =>
                        Assert.Equal(["0027"], site.Lines("umask", config => config.Put("process.user.umask", "23")))
                ),
                new(
                    "O-059",
                    "noNewPrivileges is set where it is asked for",
                    site => Assert.Equal(["NoNewPrivs:\t1"], site.Lines("grep NoNewPrivs /proc/self/status"))
                ),
                new(
                    "O-059",
                    "noNewPrivileges is not set where it is not asked for",
                    site =>
                        Assert.Equal(
                            ["NoNewPrivs:\t0"],
                            site.Lines(
                                "grep NoNewPrivs /proc/self/status",
                                config => config.Put("process.noNewPrivileges", "false")
                            )
                        )
                ),
                new(
                    "O-071",
                    "oomScoreAdj is the one asked for",
                    site =>
                        Assert.Equal(
                            ["512"],
                            site.Lines(
                                "cat /proc/self/oom_score_adj",
                                config => config.Put("process.oomScoreAdj", "512")
                            )
                        )
                ),
                new(
                    "O-071",
                    "without oomScoreAdj it is the caller's",
                    site =>
                        Assert.Equal(
                            File.ReadAllLines("/proc/self/oom_score_adj"),
                            site.Lines("cat /proc/self/oom_score_adj")
                        )
                ),
                new(
                    "L-02",
                    "the program is the first of its PID namespace, and sees no other",
                    site => Assert.Equal(["1"], site.Lines("cd /proc; echo [0-9]*"))
                ),
                new(
                    "O-188",
                    "the personality is the one asked for",
                    site =>
                    {
                        Container container = site.Started(edit: config =>
                            config.Put("linux.personality", "{\"domain\":\"LINUX32\"}")
                        );
                        Assert.Equal("00000008", container.Proc("personality").Trim());
                    }
                ),
            ]
        );

    private static void Fails(ToolResult result, string pattern)
    {
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches(pattern, result.Errors);
    }
}
