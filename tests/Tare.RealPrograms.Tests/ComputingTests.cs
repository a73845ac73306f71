using Tare.Fixtures;

namespace Tare.RealPrograms.Tests;

public sealed class ComputingTests
{
    [Fact]
    public void Python_computes_primes_on_several_processes()
    {
        const string Program = """
            from multiprocessing import Pool

            def count(limits):
                return sum(all(n % d for d in range(2, int(n ** 0.5) + 1)) for n in range(max(2, limits[0]), limits[1]))

            if __name__ == "__main__":
                with Pool(4) as pool:
                    print(sum(pool.map(count, [(n, n + 5000) for n in range(0, 50000, 5000)])))
            """;

        Assert.Equal(["5133"], OciContainer.Run(["python3", "-c", Program]).ShouldSucceed().Lines);
    }

    [Fact]
    public void A_program_reads_what_is_written_to_the_runtime()
    {
        ToolResult sorted = OciContainer.Run(["sort", "-n"], input: "10\n9\n100\n");

        Assert.Equal(["9", "10", "100"], sorted.ShouldSucceed().Lines);
    }

    [Fact]
    public void A_shell_script_sees_only_its_container()
    {
        const string Script = """
            echo pid $$
            hostname
            ls /proc | grep -c '^[0-9]'
            touch /file 2>/dev/null || echo read-only
            id -u
            """;

        string[] lines = OciContainer.Run(["sh", "-c", Script]).ShouldSucceed().Lines;

        Assert.Equal("pid 1", lines[0]);
        Assert.Equal("runc", lines[1]);
        Assert.InRange(int.Parse(lines[2]), 1, 4);
        Assert.Equal(["read-only", "0"], lines[3..]);
    }

    [Theory]
    [InlineData("exit 42", 42)]
    [InlineData("kill -TERM $$", 0)]
    [InlineData("sh -c 'kill -KILL $$'; exit $?", 137)]
    public void The_exit_status_is_the_programs(string script, int status) =>
        OciContainer.Run(["sh", "-c", script]).ShouldExitWith(status);

    [Fact]
    public void A_shell_on_a_terminal_has_job_control()
    {
        Require.Program("script");
        using Bundle bundle = OciContainer.Make(
            ["bash", "--norc", "-i"],
            config => config["process"]!["terminal"] = true
        );
        using RunningTool terminal = Tool.Start(
            "script",
            "--quiet",
            "--return",
            "--command",
            $"{OciContainer.Runtime} run --bundle {bundle.Path} tare-test-{Guid.NewGuid():N}",
            "/dev/null"
        );

        // Each answer is waited for: what a shell has not read yet belongs to whoever reads the terminal next.
        terminal.Input.Write("tty\n");
        terminal.WaitForText("/dev/pts/0");
        terminal.Input.Write("sh -c 'echo go\"\"ing; exec sleep 1000'\n");
        terminal.WaitForText("going");
        terminal.Input.Write("\x1a");
        terminal.WaitForText("Stopped");
        terminal.Input.Write("bg; kill %1; wait %1; echo status $?\n");
        terminal.WaitForText("status 143");
        terminal.Input.Write("exit 7\n");

        Assert.Equal(7, terminal.Wait().ExitCode);
    }
}
