using Tare.Fixtures;

namespace Tare.Callers.Tests.Podman;

[Collection<PodmanCollection>]
public sealed class PodmanRunTests(PodmanMachine podman)
{
    [Theory]
    [InlineData(0, "true")]
    [InlineData(42, "sh", "-c", "exit 42")]
    [InlineData(137, "sh", "-c", "kill -KILL $$; sh -c 'kill -KILL -1'; exit 137")]
    [InlineData(127, "nowhere")]
    [InlineData(127, "/no/where")]
    [InlineData(126, "/etc/passwd")]
    public void The_exit_status_says_what_became_of_the_program(int status, params string[] program) =>
        podman.Run(["run", "--rm", "busybox", .. program]).ShouldExitWith(status);

    [Theory]
    [InlineData("nowhere", "executable file not found in $PATH")]
    [InlineData("/etc/passwd", "permission denied")]
    public void Podman_tells_why_a_program_did_not_start(string program, string reason) =>
        Assert.Contains(reason, podman.Run("run", "--rm", "busybox", program).Errors, StringComparison.Ordinal);

    [Fact]
    public void A_program_of_Debians_runs_in_Debians_image()
    {
        string[] lines = podman
            .Run("run", "--rm", "debian", "sh", "-c", "cat /etc/debian_version; python3 -c 'print(6 * 7)'; echo $$")
            .ShouldSucceed()
            .Lines;

        Assert.StartsWith("12", lines[0], StringComparison.Ordinal);
        Assert.Equal(["42", "1"], lines[1..]);
    }

    [Fact]
    public void A_program_reads_what_Podman_reads() =>
        Assert.Equal(
            ["olleh"],
            podman.Machine.RunWith("hello\n", "podman", "run", "--rm", "-i", "busybox", "rev").ShouldSucceed().Lines
        );

    [Fact]
    public void A_program_on_a_terminal_has_one_of_its_own()
    {
        // It stays for a moment: Podman 4.3 may come too late for what is written by one that ends at once.
        ToolResult result = podman.RunOnTerminal("run --rm -it busybox sh -c 'tty; sleep 1; exit 3'");

        Assert.Contains("/dev/pts/0", result.Output, StringComparison.Ordinal);
        result.ShouldExitWith(3);
    }

    [Fact]
    public void What_the_options_say_about_the_process_holds()
    {
        string[] lines = podman
            .Run(
                "run",
                "--rm",
                "--user=1000:1001",
                "--group-add=44",
                "--workdir=/tmp",
                "--umask=0027",
                "--env=A=b c",
                "--hostname=elsewhere",
                "--ulimit=nofile=77:88",
                "--ulimit=nproc=1000:1000",
                "--cap-drop=all",
                "--security-opt=no-new-privileges",
                "busybox",
                "sh",
                "-c",
                "id -u; id -g; id -G; pwd; umask; echo $A; hostname; ulimit -n; grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(
            [
                "1000",
                "1001",
                "1001 44",
                "/tmp",
                "0027",
                "b c",
                "elsewhere",
                "77",
                "CapEff:\t0000000000000000",
                "NoNewPrivs:\t1",
                "Seccomp:\t2",
            ],
            lines
        );
    }

    [Fact]
    public void A_privileged_container_has_the_hosts_devices_and_its_own_terminals()
    {
        string[] lines = podman
            .Run(
                "run",
                "--rm",
                "--privileged",
                "busybox",
                "sh",
                "-c",
                "grep Seccomp: /proc/self/status; readlink /dev/ptmx; head -c 1 /dev/kmsg >/dev/null && echo kmsg"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["Seccomp:\t0", "pts/ptmx", "kmsg"], lines);
    }

    [Fact]
    public void Devices_and_volumes_are_there()
    {
        podman.Machine.Write("/home/volume/file", "from outside\n");

        string[] lines = podman
            .Run(
                "run",
                "--rm",
                "--device=/dev/full:/dev/brimming:r",
                "--volume=/home/volume:/volume:ro",
                "--volume=named:/named",
                "busybox",
                "sh",
                "-c",
                "stat -c %t:%T /dev/brimming; cat /volume/file; touch /volume/x 2>/dev/null || echo read-only; echo kept >/named/file"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["1:7", "from outside", "read-only"], lines);
        Assert.Equal(
            ["kept"],
            podman.Run("run", "--rm", "--volume=named:/named", "busybox", "cat", "/named/file").ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_container_that_may_write_nowhere_writes_to_a_tmpfs_that_begins_with_what_it_covers()
    {
        string[] lines = podman
            .Run(
                "run",
                "--rm",
                "--read-only",
                "--tmpfs=/etc",
                "busybox",
                "sh",
                "-c",
                "touch /file 2>/dev/null || echo read-only; touch /tmp/file /etc/file && cut -d: -f1 /etc/passwd"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["read-only", "root"], lines);
    }

    [Fact]
    public void Descriptors_that_Podman_was_given_reach_the_program() =>
        Assert.Equal(
            ["handed down"],
            podman
                .Machine.Run(
                    "bash",
                    "-c",
                    "exec 3<<<'handed down'; podman run --rm --preserve-fds=1 busybox sh -c 'cat <&3'"
                )
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void Podman_gives_a_container_users_of_its_own()
    {
        string map = podman
            .Run("run", "--rm", "--userns=auto:size=1000", "busybox", "sh", "-c", "touch /file; cat /proc/self/uid_map")
            .ShouldSucceed()
            .Output;

        Assert.Matches(@"^\s+0\s+2\d{6}\s+1000\n$", map);
    }

    [Fact]
    public void An_init_of_the_engines_reaps_for_the_program() =>
        Assert.Equal(
            ["reaped"],
            podman
                .Run(
                    "run",
                    "--rm",
                    "--volume=/usr/bin/docker-init:/usr/bin/init-of-the-engine:ro",
                    "--init",
                    "--init-path=/usr/bin/tini-static",
                    "busybox",
                    "sh",
                    "-c",
                    "test $$ -ne 1 && echo reaped"
                )
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void Hooks_that_Podman_finds_are_run()
    {
        podman.Machine.Write(
            "/etc/containers/oci/hooks.d/mark.json",
            """
            {
              "version": "1.0.0",
              "hook": { "path": "/bin/sh", "args": ["sh", "-c", "cat >/home/hook-$0", "ran"] },
              "when": { "annotations": { "^mark$": "^yes$" } },
              "stages": ["createRuntime", "poststop"]
            }
            """
        );

        podman
            .Run("--hooks-dir=/etc/containers/oci/hooks.d", "run", "--rm", "--annotation=mark=yes", "busybox", "true")
            .ShouldSucceed();

        Assert.Contains(
            "\"annotations\"",
            File.ReadAllText(podman.Machine.At("/home/hook-ran")),
            StringComparison.Ordinal
        );
    }
}
