using Tare.Fixtures;

namespace Tare.Callers.Tests.Docker;

[Collection<DockerCollection>]
public sealed class DockerRunTests(DockerMachine docker)
{
    [Fact]
    public void Docker_knows_the_runtime_and_takes_it_where_none_is_named()
    {
        Assert.Equal(
            "tare /usr/local/bin/tare-oci",
            docker.Run("info", "--format", "{{.DefaultRuntime}} {{.Runtimes.tare.Path}}").ShouldSucceed().Output.Trim()
        );
        Assert.Matches(
            "^[0-9a-f]{7,40}$",
            docker.Run("info", "--format", "{{.RuncCommit.ID}}").ShouldSucceed().Output.Trim()
        );
    }

    [Theory]
    [InlineData(0, "true")]
    [InlineData(42, "sh", "-c", "exit 42")]
    [InlineData(127, "nowhere")]
    [InlineData(127, "/no/where")]
    [InlineData(126, "/etc/passwd")]
    public void The_exit_status_says_what_became_of_the_program(int status, params string[] program) =>
        docker.Run(["run", "--rm", "busybox", .. program]).ShouldExitWith(status);

    [Fact]
    public void A_directory_mounted_on_a_file_is_understood() =>
        Assert.Contains(
            "Are you trying to mount a directory onto a file",
            docker.Run("run", "--rm", "--volume=/etc:/etc/passwd", "busybox", "true").ShouldExitWith(125).Errors,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_program_of_Debians_runs_in_Debians_image() =>
        Assert.Equal(
            ["42", "1"],
            docker.Run("run", "--rm", "debian", "sh", "-c", "python3 -c 'print(6 * 7)'; echo $$").ShouldSucceed().Lines
        );

    [Fact]
    public void A_program_reads_what_Docker_reads() =>
        Assert.Equal(
            ["olleh"],
            docker.Machine.RunWith("hello\n", "docker", "run", "--rm", "-i", "busybox", "rev").ShouldSucceed().Lines
        );

    [Fact]
    public void A_program_on_a_terminal_has_one_of_its_own()
    {
        ToolResult result = docker.RunOnTerminal("run --rm -it busybox sh -c 'tty; exit 3'");

        Assert.Contains("/dev/pts/0", result.Output, StringComparison.Ordinal);
        result.ShouldExitWith(3);
    }

    [Fact]
    public void What_the_options_say_about_the_process_holds()
    {
        string[] lines = docker
            .Run(
                "run",
                "--rm",
                "--user=1000:1001",
                "--group-add=44",
                "--workdir=/tmp",
                "--env=A=b c",
                "--hostname=elsewhere",
                "--ulimit=nofile=77:88",
                "--cap-drop=ALL",
                "--security-opt=no-new-privileges",
                "--sysctl=net.ipv4.ip_default_ttl=33",
                "--shm-size=1m",
                "busybox",
                "sh",
                "-c",
                "id -u; id -g; id -G; pwd; echo $A; hostname; ulimit -n; cat /proc/sys/net/ipv4/ip_default_ttl; "
                    + "df -k /dev/shm | awk 'NR == 2 { print $2 }'; grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(
            [
                "1000",
                "1001",
                "1001 44",
                "/tmp",
                "b c",
                "elsewhere",
                "77",
                "33",
                "1024",
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
        Assert.SkipUnless(docker.Machine.HasAllCapabilities, "Docker asks for all capabilities, which root lacks here");

        string[] lines = docker
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
    public void A_container_that_may_write_nowhere_writes_to_its_tmpfs_and_volumes()
    {
        docker.Machine.Write("/home/volume/file", "from outside\n");

        string[] lines = docker
            .Run(
                "run",
                "--rm",
                "--read-only",
                "--tmpfs=/own",
                "--volume=/home/volume:/volume:ro",
                "--volume=named:/named",
                "busybox",
                "sh",
                "-c",
                "touch /own/file /named/file && echo written; touch /file 2>/dev/null || echo read-only; cat /volume/file"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["written", "read-only", "from outside"], lines);
    }

    [Fact]
    public void Nginx_on_a_network_is_reached_by_its_published_port_and_by_name()
    {
        const string Fetch =
            "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=60).status)";
        docker.Run("network", "create", "net").ShouldSucceed();
        docker
            .Run(
                "run",
                "--detach",
                "--name=web",
                "--network=net",
                "--publish=8080:80",
                "debian",
                "nginx",
                "-g",
                "daemon off; error_log stderr notice;"
            )
            .ShouldSucceed();
        docker.WaitForLog("web", "start worker process");

        Assert.Equal(
            ["200"],
            docker.Machine.Run("/usr/bin/python3", "-c", Fetch, "http://127.0.0.1:8080/").ShouldSucceed().Lines
        );
        Assert.Equal(
            ["200"],
            docker
                .Run("run", "--rm", "--network=net", "debian", "python3", "-c", Fetch, "http://web/")
                .ShouldSucceed()
                .Lines
        );

        docker.Run("rm", "--force", "web").ShouldSucceed();
        docker.Run("network", "rm", "net").ShouldSucceed();
    }

    [Fact]
    public void An_image_is_built_pushed_and_pulled_again()
    {
        docker.Machine.Write(
            "/home/registry.yml",
            """
            version: 0.1
            storage: { filesystem: { rootdirectory: /home/registry } }
            http: { addr: 127.0.0.1:5001 }
            """
        );
        docker.Machine.StartDaemon("listening on", "docker-registry", "serve", "/home/registry.yml");
        docker.Machine.Write(
            "/home/build/Dockerfile",
            "FROM busybox\nRUN echo built >/file && test $$ -ne 0\nCMD cat /file\n"
        );

        docker.Run("build", "--tag=127.0.0.1:5001/own", "/home/build").ShouldSucceed();
        docker.Run("push", "127.0.0.1:5001/own").ShouldSucceed();
        docker.Run("image", "rm", "127.0.0.1:5001/own").ShouldSucceed();

        Assert.Equal(["built"], docker.Run("run", "--rm", "127.0.0.1:5001/own").Lines);
    }
}
