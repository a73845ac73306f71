using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>A program in a namespace of its own behaves as it does outside of one.</summary>
public sealed class SandboxInitTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("import os; os.abort()", Signal.SIGABRT)]
    [InlineData("import os, signal; os.kill(os.getpid(), signal.SIGTERM); print('survived')", Signal.SIGTERM)]
    [InlineData("import signal; signal.raise_signal(signal.SIGUSR1); print('survived')", Signal.SIGUSR1)]
    [InlineData("import os, signal; os.kill(0, signal.SIGINT); signal.pause()", Signal.SIGINT)]
    public async Task A_signal_that_a_program_sends_itself_ends_it_and_is_told_as_it_is(string script, Signal signal)
    {
        Require.Root();
        SandboxResult result = await Sandbox.RunAsync(
            "python3",
            ["-c", $"import signal; signal.signal(signal.SIGINT, signal.SIG_DFL); {script}"],
            new(),
            Cancelled
        );

        Assert.Equal((signal, ""), (result.ExitStatus.Status.Signal, result.StandardOutput));
        Assert.Equal(SandboxEnd.Exited, result.End);
    }

    [Fact]
    public async Task Without_an_init_the_program_is_the_first_process_and_deaf_to_its_own_signals()
    {
        Require.Root();
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            ["-c", "echo $$; kill -TERM $$; echo survived"],
            new() { Init = false },
            Cancelled
        );

        Assert.Equal("1\nsurvived\n", result.StandardOutput);
    }

    [Fact]
    public async Task Orphans_are_taken_away_by_somebody_else()
    {
        Require.Root();

        // The inner shell leaves a process that ends later; nobody but the init can reap it.
        const string Script = """
            sh -c '(sleep 0.05; exit 3) & echo $! > $TMPDIR/orphan'
            orphan=$(cat $TMPDIR/orphan)
            while [ -d /proc/$orphan ] && ! grep -q '^State:.Z' /proc/$orphan/status 2>/dev/null; do sleep 0.01; done
            sleep 0.05
            test -d /proc/$orphan && echo zombie || echo gone
            """;
        SandboxResult result = await Sandbox.RunAsync("sh", ["-c", Script], new(), Cancelled);

        Assert.Equal(("gone\n", ""), (result.StandardOutput, result.StandardError));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_programs_end_ends_what_it_left_running(bool init)
    {
        Require.Root();
        await using SandboxedProcess process = Sandbox.Start(
            "sh",
            ["-c", "(setsid sleep 1000 &) ; setsid sleep 1000 & exit 5"],
            new() { Init = init, Time = null }
        );

        ProcessExit exit = await process.Process.WaitForExitAsync(Cancelled);

        Assert.Equal(5, exit.ExitCode);

        // Both hold the pipe: it ends with them.
        using MemoryStream rest = new();
        await process.Process.StandardOutput!.CopyToAsync(rest, Cancelled);
    }

    [Fact]
    public async Task The_program_cannot_use_the_init_though_its_calls_are_not_filtered()
    {
        Require.Root();

        // Attach (PTRACE_ATTACH is 16), read and write its memory, send it signals.
        const string Script = """
            import ctypes, os, signal
            c = ctypes.CDLL(None, use_errno=True)
            c.ptrace.restype = ctypes.c_long
            print(c.ptrace(16, 1, 0, 0), c.ptrace(0x4206, 1, 0, 0))
            for mode in (os.O_RDONLY, os.O_RDWR):
                try: os.read(os.open('/proc/1/mem', mode), 1); print('opened')
                except OSError as e: print('refused')
            for s in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP): os.kill(1, s)
            print(open('/proc/1/cmdline').read().strip(chr(0)), os.getpid())
            status = dict(l.split(':\t') for l in open('/proc/1/status').read().splitlines() if ':\t' in l)
            print(status['Seccomp'], status['NoNewPrivs'], status['CapEff'].strip('0'), status['State'][0])
            print(os.listdir('/proc/1/fd') if os.access('/proc/1/fd', os.R_OK) else [])
            """;
        SandboxResult result = await Sandbox.RunAsync(
            "python3",
            ["-c", Script],
            new() { SystemCalls = new SeccompProfile(SeccompAnswer.Allow), User = new ProcessCredentials(0, 0) },
            Cancelled
        );

        Assert.Equal("", result.StandardError);
        Assert.Equal("-1 -1\nrefused\nrefused\ntare-init 2\n2 1  S\n[]\n", result.StandardOutput);
    }

    [Fact]
    public async Task The_init_counts_for_no_limit()
    {
        Require.Root();
        SandboxResult result = await Sandbox.RunAsync(
            "python3",
            ["-c", "import os\ntry: os.fork()\nexcept OSError as e: print(e.errno)"],
            new() { Processes = 1 },
            Cancelled
        );

        Assert.Equal(("11\n", ""), (result.StandardOutput, result.StandardError));
        Assert.True(result.Usage!.PeakProcesses is null or 1);
        Assert.Contains("1", result.Held.CgroupLimits.Values);
    }

    [Fact]
    public async Task Killing_a_sandbox_whose_program_is_stopped_leaves_nothing()
    {
        Require.Root();
        SandboxedProcess process = Sandbox.Start(
            "sh",
            ["-c", "echo $$; kill -STOP $$; echo never"],
            new() { Time = null }
        );
        byte[] said = new byte[2];
        await process.Process.StandardOutput!.ReadExactlyAsync(said, Cancelled);
        int number = process.Process.ProcessId;

        await process.DisposeAsync();

        Assert.Equal("2\n"u8.ToArray(), said);
        Assert.False(Directory.Exists($"/proc/{number}"));
    }
}
