using System.Globalization;
using System.Runtime.InteropServices;
using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>Who starts a sandbox.</summary>
public enum Starter
{
    /// <summary>A user without any privilege, through the probe; there is no cgroup.</summary>
    User,

    /// <summary>Root, in this process.</summary>
    Root,

    /// <summary>Root, from a pool.</summary>
    RootPooled,
}

/// <summary>Runs attacks (Attacks/attack.py) in a sandbox.</summary>
internal static class SandboxAttack
{
    /// <summary>The user of <see cref="Starter.User"/>.</summary>
    public const int Nobody = 65534;

    /// <summary>Found by programs of any user, in a sandbox and outside.</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>The attacks, in Python.</summary>
    public static string Script { get; } =
        File.ReadAllText(Repository.At("tests", "Tare.Processes.Tests", "Sandboxes", "Attacks", "attack.py"));

    /// <summary>Starters and levels.</summary>
    public static TheoryData<Starter, SandboxLevel> Everybody
    {
        get
        {
            TheoryData<Starter, SandboxLevel> all = [];
            foreach (Starter starter in Enum.GetValues<Starter>())
            {
                all.Add(starter, SandboxLevel.Process);
                all.Add(starter, SandboxLevel.Container);
            }

            return all;
        }
    }

    /// <summary>The user that a program of the starter's is at level Process, as is what it attacks.</summary>
    public static int UserOf(Starter starter) => starter == Starter.User ? Nobody : 0;

    /// <summary>Skips the test where the attacks cannot be made.</summary>
    public static void RequireMeans()
    {
        Require.Root();
        Assert.SkipUnless(File.Exists(Python), $"needs {Python}");
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "the calls' numbers are of x64");
        Assert.SkipUnless(LandlockPolicy.KernelAbi >= 6, "needs Linux 6.12: Landlock's scopes");
    }

    /// <summary>Makes attacks, and gives what came of each, by name.</summary>
    public static async Task<Dictionary<string, string>> RunAsync(
        Starter starter,
        SandboxOptions options,
        params string[] arguments
    )
    {
        string output = await OutputOfAsync(starter, options, Python, ["-c", Script, .. arguments]);
        return output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .Where(parts => parts.Length == 2 && !parts[0].Contains('=', StringComparison.Ordinal))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
    }

    /// <summary>What a program in a sandbox writes, behind what the probe says where it is that.</summary>
    public static async Task<string> OutputOfAsync(
        Starter starter,
        SandboxOptions options,
        string program,
        params string[] arguments
    )
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        if (options is { Level: SandboxLevel.Process, User: null })
        {
            // The victims are root's, and a program of root's that nobody says otherwise of is another user.
            options = options with
            {
                User = new ProcessCredentials(0, 0),
            };
        }

        switch (starter)
        {
            case Starter.Root:
                return TextOf(await Sandbox.RunAsync(program, arguments, options, cancelled));
            case Starter.RootPooled:
                await using (SandboxPool pool = new(options, 1))
                {
                    return TextOf(await pool.RunAsync(program, arguments, cancellationToken: cancelled));
                }

            default:
                using (TemporaryDirectory own = new())
                {
                    return ProbeOutputOf(options, own.Path, [program, .. arguments]);
                }
        }
    }

    private static string ProbeOutputOf(SandboxOptions options, string own, string[] command)
    {
        ToolResult result = Tool.Run(
            Probe.Path,
            ["sandbox", $"{options.Level}", "once", options.ReadWrite.FirstOrDefault(own), .. command],
            new ToolOptions { User = Nobody, WorkingDirectory = "/" }
        );
        return result.Output + result.Errors;
    }

    /// <summary>Does something outside, as the starter's user, by the same program; gives what it says.</summary>
    public static string Outside(Starter starter, params string[] arguments) =>
        Tool.Run(
                Python,
                ["-c", Script, .. arguments],
                new ToolOptions { User = starter == Starter.User ? Nobody : null, WorkingDirectory = "/" }
            )
            .ShouldSucceed()
            .Output;

    private static string TextOf(SandboxResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"end={result.End}\n{result.StandardOutput}{result.StandardError}");
}

/// <summary>A process outside of a sandbox, of the user whose the sandbox is. Owned.</summary>
internal sealed class AttackedProcess : IDisposable
{
    private readonly ChildProcess process;

    /// <summary>Starts it, with a priority and a class of I/O that others can be told from.</summary>
    public AttackedProcess(Starter starter) =>
        process = ChildProcess.Start(
            new("sleep", "1000")
            {
                Nice = -10,
                IoPriority = new(Linux.Abi.IoPriorityClass.IOPRIO_CLASS_BE, 0),
                Credentials = starter == Starter.User ? new(SandboxAttack.Nobody, SandboxAttack.Nobody) : null,
                StandardInput = ChildStream.Null,
                Environment = ProcessEnvironment.Empty.With("PATH", "/usr/bin:/bin").With("SECRET", "secret"),
                WorkingDirectory = "/",
                KillOnParentExit = true,
            }
        );

    /// <summary>Its number.</summary>
    public string Number => process.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>All that an attack could have changed, as text.</summary>
    public string State
    {
        get
        {
            string[] stat = Read("stat").Split(") ")[1].Split(' ');
            string[] of =
            [
                $"{(process.HasExited ? "dead" : stat[0] is "T" or "t" ? "stopped" : "alive")} group {stat[2]} nice {stat[16]} priority {stat[37]} policy {stat[38]}",
                Tool.Run("ionice", "-p", Number).Output,
                Tool.Run("taskset", "-p", Number).Output,
                .. (
                    (string[])["comm", "limits", "oom_score_adj", "timerslack_ns", "coredump_filter", "autogroup"]
                ).Select(Read),
            ];
            return string.Join('\n', of);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

    private string Read(string file) => File.ReadAllText($"/proc/{Number}/{file}");
}
