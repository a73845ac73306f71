using Tare.Bench.Loops;
using Tare.Bench.Measuring;
using Tare.Bench.Subjects;

namespace Tare.Bench.Measurements;

/// <summary>What Tare.Processes' launches and streams cost beside C's and beside System.Diagnostics.Process.</summary>
internal static class SpawnMeasurement
{
    private const string Program = "/bin/true";
    private const string Tare = "Tare.Processes";
    private const string TareLarge = "Tare.Processes, heap of 512 MiB";
    private const string Spawn = "posix_spawn in C";
    private const string SpawnLarge = "posix_spawn in C, heap of 512 MiB";
    private const string Bare = "vfork and execve in C, no other call";
    private const string Framework = "System.Diagnostics.Process";
    private const string FrameworkLarge = "System.Diagnostics.Process, heap of 512 MiB";
    private const string Wrapper = "CliWrap, which opens pipes for all three streams";
    private const string Blocking = "C, blocking reads";

    private static readonly string[] Bubblewrap =
    [
        "--ro-bind",
        "/usr",
        "/usr",
        "--ro-bind-try",
        "/bin",
        "/bin",
        "--ro-bind-try",
        "/lib",
        "/lib",
        "--ro-bind-try",
        "/lib64",
        "/lib64",
        "--ro-bind",
        "/etc",
        "/etc",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--tmpfs",
        "/tmp",
        "--unshare-pid",
        "--unshare-uts",
        "--unshare-ipc",
        "--unshare-cgroup",
        "--cap-drop",
        "ALL",
        "--die-with-parent",
        "--",
    ];

    private static readonly string[] Nsjail =
    [
        "-Mo",
        "--really_quiet",
        "--disable_clone_newnet",
        "-R/usr",
        "-R/bin",
        "-R/lib",
        "-R/lib64",
        "-R/etc",
        "-T/tmp",
        "-B/dev/null",
        "--",
    ];

    /// <summary>Starting a program, and waiting for its end.</summary>
    public static Measurement Launches(Site site)
    {
        string self = Environment.ProcessPath!;
        return new Measurement
        {
            Name = "processes",
            Title = "`true` started and waited for by a running program",
            Subjects =
            [
                new AskedSubject(Tare, self, LaunchLoop.Word, LaunchLoop.Tare, "0", Program),
                new AskedSubject(TareLarge, self, LaunchLoop.Word, LaunchLoop.Tare, "512", Program),
                new AskedSubject(Spawn, site.Spawn, "loop", "0", Program),
                new AskedSubject(SpawnLarge, site.Spawn, "loop", "512", Program),
                new AskedSubject(Framework, self, LaunchLoop.Word, LaunchLoop.Framework, "0", Program),
                new AskedSubject(FrameworkLarge, self, LaunchLoop.Word, LaunchLoop.Framework, "512", Program),
                new AskedSubject(Wrapper, self, LaunchLoop.Word, LaunchLoop.Wrapped, "0", Program),
            ],
            Counterparts = new Dictionary<string, string>
            {
                [Tare] = TareLarge,
                [Spawn] = Tare,
                [SpawnLarge] = TareLarge,
                [Framework] = Tare,
                [FrameworkLarge] = TareLarge,
                [Wrapper] = Tare,
            },
            Goals = [new Goal(Tare, 1.05), new Goal(Spawn, 1.05), new Goal(SpawnLarge, 1.05)],
            Remarks =
            [
                "Ours with a small heap is compared with ours with a large one, the others with ours of the same heap. "
                    + "Most of each time is `true` itself: the start alone is below.",
            ],
        };
    }

    /// <summary>A program's output taken, which is what programs are mostly started for.</summary>
    public static Measurement Captures()
    {
        const string framework = "System.Diagnostics.Process, ReadToEndAsync, WaitForExitAsync";
        const string wrapped = "CliWrap, ExecuteBufferedAsync";
        string self = Environment.ProcessPath!;
        string[] rest = ["0", "/bin/echo", "a line"];
        return new Measurement
        {
            Name = "processes",
            Title = "`echo` run to its end, both of its outputs captured by asynchronous calls",
            Subjects =
            [
                new AskedSubject(
                    "Tare.Processes, RunAndCaptureTextAsync",
                    self,
                    [LaunchLoop.Word, LaunchLoop.Captured, .. rest]
                ),
                new AskedSubject(framework, self, [LaunchLoop.Word, LaunchLoop.FrameworkCaptured, .. rest]),
                new AskedSubject(wrapped, self, [LaunchLoop.Word, LaunchLoop.WrappedCaptured, .. rest]),
            ],
        };
    }

    /// <summary>Starts alone, until the call returns: the program has been executed by then.</summary>
    public static Measurement Starts(Site site)
    {
        string self = Environment.ProcessPath!;
        return new Measurement
        {
            Name = "processes",
            Title = "The start of `true` alone: until the call returns, which is when the program has been executed",
            Subjects =
            [
                Start(Tare, LaunchLoop.Tare),
                new AskedSubject(Spawn, site.Spawn, "start", "0", Program),
                new AskedSubject(Bare, site.Spawn, "bare", "0", Program),
                Start(Framework, LaunchLoop.Framework),
                Start("SandboxPool", LaunchLoop.Pooled),
                Start("Sandbox", LaunchLoop.Sandboxed),
            ],
            Goals = [new Goal(Spawn, 1.05), new Goal(Framework, 0.5)],
        };

        AskedSubject Start(string name, string how) =>
            new(name, self, LaunchLoop.Word, how + LaunchLoop.StartOnly, "0", Program);
    }

    /// <summary>A sandbox of cgroup, namespaces, Landlock and seccomp, and bubblewrap with the same namespaces.</summary>
    public static Measurement Sandboxes(Site site)
    {
        const string sandbox = "Sandbox";
        const string pooled = "SandboxPool";
        const string plain = "Tare.Processes, no sandbox";
        string self = Environment.ProcessPath!;
        List<Subject> subjects =
        [
            new AskedSubject(sandbox, self, LaunchLoop.Word, LaunchLoop.Sandboxed, "0", Program),
            new AskedSubject(plain, self, LaunchLoop.Word, LaunchLoop.Tare, "0", Program),
            new AskedSubject(pooled, self, LaunchLoop.Word, LaunchLoop.Pooled, "0", Program),
            new AskedSubject(
                "Sandbox, captured and removed",
                self,
                LaunchLoop.Word,
                LaunchLoop.SandboxedWhole,
                "0",
                Program
            ),
        ];
        if (site.Peers.Bubblewrap is { } bubblewrap)
        {
            subjects.Add(
                new AskedSubject(
                    $"{bubblewrap.Name}, without cgroup, Landlock and seccomp",
                    self,
                    [LaunchLoop.Word, LaunchLoop.Tare, "0", .. bubblewrap.Words, .. Bubblewrap, Program]
                )
            );
        }

        if (site.Peers.Nsjail is { } nsjail)
        {
            subjects.Add(
                new AskedSubject(
                    $"{nsjail.Name}, without cgroup, Landlock and seccomp",
                    self,
                    [LaunchLoop.Word, LaunchLoop.Tare, "0", .. nsjail.Words, .. Nsjail, Program]
                )
            );
        }

        return new Measurement
        {
            Name = "processes",
            Title = "`true` in a sandbox: namespaces but the network's, a cgroup, Landlock, seccomp",
            Subjects = subjects,
            Goals = [Goal.Most(sandbox, TimeSpan.FromMilliseconds(2)), new Goal(plain, 1.3)],
            Counterparts = new Dictionary<string, string> { [plain] = pooled },
            Remarks =
            [
                "The plain launch is compared with the pooled one. A sandbox's 2 ms are meant where a plain launch takes 0.8 ms. "
                    + "From the call to the end of `true`; removing what was made, the mount namespace included, is timed in "
                    + "\"captured and removed\" only, and so is no making of the pool's next sandbox in any row.",
            ],
        };
    }

    /// <summary>Reading what a program writes to a pipe.</summary>
    public static Measurement Pipe(Site site) => Transfer(site, "pipe", 256 << 20);

    /// <summary>Reading what a program writes to a terminal.</summary>
    public static Measurement Terminal(Site site) => Transfer(site, "pty", 16 << 20);

    /// <summary>A program at a terminal that writes nothing.</summary>
    public static Measurement AtTerminal(Site site) =>
        Reads(site, "pty", 0, "A program at a new terminal, started and read until it ends, which it does at once");

    private static Measurement Transfer(Site site, string how, int bytes)
    {
        string title = $"{bytes >> 20} MiB that a program writes to a {how}, read in blocks of 64 KiB";
        return Reads(site, how, bytes, title) with { Goals = [new Goal(Blocking, 1 / 0.95)] };
    }

    private static Measurement Reads(Site site, string how, int bytes, string title)
    {
        string self = Environment.ProcessPath!;
        List<Subject> subjects =
        [
            new AskedSubject("Tare.Processes, ReadAsync", self, ReadLoop.Word, how, $"{bytes}", site.Spawn),
            new AskedSubject(Blocking, site.Spawn, "read", how, $"{bytes}"),
        ];
        if (how == "pty" && site.Peers.PortaPty is { } porta)
        {
            subjects.Add(
                new AskedSubject($"{porta.Name}, compiled as it runs", porta.Words[0], $"{bytes}", site.Spawn)
            );
        }

        return new Measurement
        {
            Name = "processes",
            Title = title,
            Subjects = subjects,
        };
    }
}
