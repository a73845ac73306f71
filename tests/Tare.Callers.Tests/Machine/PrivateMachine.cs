using System.Globalization;
using Tare.Fixtures;

namespace Tare.Callers.Tests.Machine;

/// <summary>
/// A machine within the machine, with one engine's state and configuration (see the script beside this file). What is left
/// in it when the tests are done ends with it: processes, mounts, links, cgroups.
/// </summary>
/// <remarks>
/// With TARE_TEST_RUNTIME in the environment that runtime is the machine's tare-oci: so it can be shown that a test asks of
/// tare-oci what runc and crun do as well.
/// </remarks>
public sealed class PrivateMachine : IDisposable
{
    /// <summary>The ordinary user's number and group.</summary>
    public const int Tester = 54_321;

    /// <summary>Where tare-oci is in it.</summary>
    public const string Runtime = "/usr/local/bin/tare-oci";

    /// <summary>The address and first part of the name of each image in it.</summary>
    public const string Registry = "127.0.0.1:5000";

    private static readonly string[] AllOf = ["--mount", "--net", "--pid", "--cgroup", "--ipc", "--uts"];

    private readonly TemporaryDirectory _disk = new();
    private readonly List<RunningTool> _daemons = [];
    private readonly RunningTool _first;
    private readonly string _process;

    private PrivateMachine(params string[] programs)
    {
        Require.Root();
        foreach (string program in programs)
        {
            Require.Program(program);
        }

        string runtime = Environment.GetEnvironmentVariable("TARE_TEST_RUNTIME") ?? Programs.TareOci;
        string script = Repository.At("tests", "Tare.Callers.Tests", "Machine", "machine");
        _first = Tool.Start(script, _disk.Path, runtime, Images.Folder);
        try
        {
            _first.WaitForText("ready ");
        }
        catch
        {
            Dispose();
            throw;
        }

        _process = _first.Output.Trim()["ready ".Length..];
    }

    /// <summary>Makes one that has some programs, and sets something up in it. Skips the test where they are missing.</summary>
    public static PrivateMachine Make(Action<PrivateMachine> setUp, params string[] programs)
    {
        PrivateMachine machine = new(programs);
        try
        {
            setUp(machine);
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <summary>What its cgroups are called.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"tare-callers-{_first.ProcessId}");

    /// <summary>Root has in it every capability that the kernel knows.</summary>
    public bool HasAllCapabilities =>
        Run(
            "sh",
            "-c",
            "bounds=$(sed -n 's/^CapBnd:[[:space:]]*/0x/p' /proc/self/status); "
                + "test $(($bounds + 1)) -eq $((1 << ($(cat /proc/sys/kernel/cap_last_cap) + 1)))"
        ).ExitCode == 0;

    /// <summary>The path of a file of the machine's own directories, seen from the tests.</summary>
    public string At(string path) => _disk.Path + path;

    /// <summary>Writes a file into one of the machine's own directories.</summary>
    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    /// <summary>Runs a program in it, as root.</summary>
    public ToolResult Run(params string[] command) => Tool.Run("nsenter", [.. Enter(), .. command], Deadline);

    /// <summary>Runs a program in it, as root, that reads something.</summary>
    public ToolResult RunWith(string input, params string[] command) =>
        Tool.Run("nsenter", [.. Enter(), .. command], Deadline with { Input = input });

    /// <summary>Runs a program in it, as the ordinary user.</summary>
    public ToolResult RunAsTester(params string[] command) => Run([.. BecomeTester, .. command]);

    /// <summary>Starts a program in it, as root.</summary>
    public RunningTool Start(params string[] command) => Tool.Start("nsenter", [.. Enter(), .. command]);

    /// <summary>Starts a daemon in it, which ends with the machine, and waits until it has said that it is ready.</summary>
    public RunningTool StartDaemon(string readyText, params string[] command)
    {
        RunningTool daemon = Start(command);
        _daemons.Add(daemon);
        daemon.WaitForText(readyText);
        return daemon;
    }

    /// <summary>Waits until the output of a program that follows something, as `logs --follow` does, holds a text.</summary>
    public void WaitFor(string text, params string[] command)
    {
        using RunningTool following = Start(command);
        following.WaitForText(text);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Not killed: the first process ends when its input ends, and then the script undoes what it did.
        _first.Wait();
        _first.Dispose();
        _daemons.ForEach(daemon => daemon.Dispose());
        _disk.Dispose();
    }

    private static string[] BecomeTester { get; } =
    [
        "setpriv",
        string.Create(CultureInfo.InvariantCulture, $"--reuid={Tester}"),
        string.Create(CultureInfo.InvariantCulture, $"--regid={Tester}"),
        "--clear-groups",
        "--",
        "env",
        "HOME=/home/tester",
        string.Create(CultureInfo.InvariantCulture, $"XDG_RUNTIME_DIR=/run/user/{Tester}"),
    ];

    private static ToolOptions Deadline { get; } = new() { Deadline = TimeSpan.FromMinutes(5) };

    private string[] Enter() =>
        [
            "--target",
            _process,
            .. AllOf,
            "--",
            "env",
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ];
}
