using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Descriptors
{
    private const string Count = "for fd in /proc/self/fd/*; do test -e $fd && echo ${fd##*/}; done | tr '\\n' ' '";

    public static Group Group { get; } =
        new(
            "Standard streams and descriptors",
            "runtime-linux.md; callers of runc",
            [
                new(
                    "L-12 K-01",
                    "standard input, output and error are the caller's",
                    site =>
                    {
                        Tare.Fixtures.ToolResult run = site.Run("cat; echo to errors >&2", input: "from input\n");
                        Assert.Equal("from input\n", run.ShouldSucceed().Output);
                        Assert.Equal("to errors\n", run.Errors);
                    }
                ),
                new(
                    "L-12",
                    "the program has no other descriptors, whatever the caller has open",
                    site =>
                        Assert.Equal(
                            "0 1 2 ",
                            site.Shell(
                                    "exec 5</dev/null 9</; \"$@\"",
                                    "run",
                                    "--bundle",
                                    site.NewBundle(["sh", "-c", Count]),
                                    site.NewId()
                                )
                                .ShouldSucceed()
                                .Output.TrimEnd('\n')
                        )
                ),
                new(
                    "C-15",
                    "--preserve-fds hands on as many descriptors from 3 on",
                    site =>
                        Assert.Equal(
                            "0 1 2 3 4 ",
                            site.Shell(
                                    "exec 3</dev/null 4</dev/null 5</dev/null; \"$@\"",
                                    "run",
                                    "--preserve-fds",
                                    "2",
                                    "--bundle",
                                    site.NewBundle(["sh", "-c", Count]),
                                    site.NewId()
                                )
                                .ShouldSucceed()
                                .Output.TrimEnd('\n')
                        )
                ),
                new(
                    "K-06",
                    "LISTEN_FDS descriptors reach the program, with LISTEN_PID 1",
                    site =>
                        Assert.Equal(
                            "1 1 of the socket",
                            site.Shell(
                                    "exec 3<<<'of the socket'; export LISTEN_FDS=1 LISTEN_PID=$$; exec \"$@\"",
                                    "run",
                                    "--bundle",
                                    site.NewBundle(["sh", "-c", "echo $LISTEN_FDS $LISTEN_PID $(cat <&3)"]),
                                    site.NewId()
                                )
                                .ShouldSucceed()
                                .Output.TrimEnd('\n')
                        )
                ),
                new(
                    "L-12",
                    "no directory of the machine is open when the program begins",
                    site => Assert.NotEqual(0, site.Run("ls /proc/self/fd/[3-9]/../../etc 2>/dev/null").ExitCode)
                ),
            ]
        );
}
