using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Execs
{
    public static Group Group { get; } =
        new(
            "Added programs",
            "callers of runc: exec",
            [
                new(
                    "C-40",
                    "exec runs a program in the container's namespaces",
                    site =>
                    {
                        Container container = site.Started();
                        string[] links = container
                            .Exec("for n in pid net ipc uts mnt; do readlink /proc/self/ns/$n; done")
                            .ShouldSucceed()
                            .Lines;
                        Assert.Equal(
                            ((string[])["pid", "net", "ipc", "uts", "mnt"]).Select(n => container.Link($"ns/{n}")),
                            links
                        );
                    }
                ),
                new(
                    "P-01",
                    "exec ends with the program's status",
                    site => site.Started().Exec("exit 42").ShouldExitWith(42)
                ),
                new(
                    "P-01",
                    "exec ends with 128 and the signal's number",
                    site => site.Started().Exec("kill -KILL $$").ShouldExitWith(137)
                ),
                new(
                    "C-42",
                    "--env, --cwd and --user are the program's",
                    site =>
                        Assert.Equal(
                            ["value /tmp 1000 2000"],
                            site.Started()
                                .Exec(
                                    "echo $NAME $(pwd) $(id -u) $(id -g)",
                                    "--env",
                                    "NAME=value",
                                    "--cwd",
                                    "/tmp",
                                    "--user",
                                    "1000:2000"
                                )
                                .ShouldSucceed()
                                .Lines
                        )
                ),
                new(
                    "C-42",
                    "--user with a single number is that user",
                    site => Assert.Equal(["1"], site.Started().Exec("id -u", "--user", "1").ShouldSucceed().Lines)
                ),
                new(
                    "C-42",
                    "without options the program has the container's environment and working directory",
                    site =>
                        Assert.Equal(
                            ["of config /tmp"],
                            site.Started(edit: config =>
                                    config.PutText("process.cwd", "/tmp").Append("process.env", "\"NAME=of config\"")
                                )
                                .Exec("echo $NAME $(pwd)")
                                .ShouldSucceed()
                                .Lines
                        )
                ),
                new(
                    "C-42",
                    "without options the program has the container's capabilities, and no inheritable ones",
                    site =>
                    {
                        Container container = site.Started();
                        string[] lines = container.Exec("grep ^Cap /proc/self/status").ShouldSucceed().Lines;
                        Assert.Equal("CapInh:\t0000000000000000", lines[0]);
                        Assert.Equal("CapEff:\t0000000020000420", lines[2]);
                        Assert.Equal("CapBnd:\t0000000020000420", lines[3]);
                    }
                ),
                new(
                    "C-42",
                    "--cap gives a capability",
                    site =>
                        Assert.Contains(
                            "CapEff:\t0000000020000421",
                            site.Started()
                                .Exec("grep ^CapEff /proc/self/status", "--cap", "CAP_CHOWN")
                                .ShouldSucceed()
                                .Lines
                        )
                ),
                new(
                    "C-40",
                    "--process has a document say all",
                    site =>
                    {
                        Container container = site.Started();
                        string file = site.Folder.Write(
                            "process.json",
                            """
                            {"cwd":"/tmp","user":{"uid":5,"gid":6,"additionalGids":[7]},"env":["PATH=/bin","A=b"],
                            "args":["sh","-c","echo $A $(pwd) $(id -u) $(id -g) $(id -G)"]}
                            """
                        );
                        Assert.Equal(
                            ["b /tmp 5 6 6 7"],
                            site.Do("exec", "--process", file, container.Id).ShouldSucceed().Lines
                        );
                    }
                ),
                new(
                    "C-41",
                    "exec hands on standard input",
                    site =>
                        Assert.Equal(
                            "typed\n",
                            site.Do(["exec", site.Started().Id, "cat"], "typed\n").ShouldSucceed().Output
                        )
                ),
                new(
                    "C-41",
                    "exec --detach comes back while the program runs",
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
                                "1000"
                            )
                            .ShouldSucceed();
                        Assert.True(Directory.Exists($"/proc/{File.ReadAllText(file)}/fd"));
                    }
                ),
                new(
                    "C-40",
                    "exec has no other descriptors than the standard ones",
                    site =>
                        Assert.Equal(
                            ["0 1 2"],
                            site.Shell(
                                    "exec 7</; \"$@\"",
                                    "exec",
                                    site.Started().Id,
                                    "sh",
                                    "-c",
                                    "for fd in /proc/self/fd/*; do test -e $fd && echo ${fd##*/}; done | tr '\\n' ' ' | sed 's/ $//'"
                                )
                                .ShouldSucceed()
                                .Lines
                        )
                ),
                new(
                    "C-40",
                    "exec in a stopped container is refused",
                    site => Assert.NotEqual(0, site.Started().Stop().Exec("true").ExitCode)
                ),
                new(
                    "C-40",
                    "exec in an unknown container is refused",
                    site => Assert.NotEqual(0, site.Do("exec", site.NewId(), "true").ExitCode)
                ),
                new(
                    "C-40",
                    "exec without a program is refused",
                    site => Assert.NotEqual(0, site.Do("exec", site.Started().Id).ExitCode)
                ),
                new(
                    "P-01 P-04",
                    "exec of what is not in PATH says so, and ends with a status that is not the program's",
                    site =>
                    {
                        Tare.Fixtures.ToolResult exec = site.Do("exec", site.Started().Id, "no-such-program");
                        Assert.Contains(exec.ExitCode, (int[])[127, 255]);
                        Assert.Matches("executable file (`no-such-program` )?not found in \\$PATH", exec.Errors);
                    }
                ),
                new(
                    "C-42",
                    "--no-new-privs sets it",
                    site =>
                        Assert.Equal(
                            ["NoNewPrivs:\t1"],
                            site.Started(edit: config => config.Put("process.noNewPrivileges", "false"))
                                .Exec("grep NoNewPrivs /proc/self/status", "--no-new-privs")
                                .ShouldSucceed()
                                .Lines
                        )
                ),
                new(
                    "O-066",
                    "an added program has the container's limits",
                    site =>
                        Assert.Equal(
                            ["Max pending signals 50 60 signals"],
                            site.Started(edit: config =>
                                    config.Put(
                                        "process.rlimits",
                                        """[{"type":"RLIMIT_SIGPENDING","soft":50,"hard":60}]"""
                                    )
                                )
                                .Exec("echo $(grep pending /proc/self/limits)")
                                .ShouldSucceed()
                                .Lines
                        )
                ),
            ]
        );
}
