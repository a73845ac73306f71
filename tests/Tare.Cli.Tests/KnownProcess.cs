using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Cli.Tests;

/// <summary>
/// A process whose facts are known: it sleeps with limits, a nice value, no_new_privs, a capability less and a library
/// mapped whose name could do harm to a terminal.
/// </summary>
internal sealed class KnownProcess : IDisposable
{
    /// <summary>The library's name.</summary>
    public const string Library = "li\nb\e[31mred.so";

    /// <summary>The name as it may be shown.</summary>
    public const string ShownLibrary = "li\\nb\\x1b[31mred.so";

    private readonly TemporaryDirectory _folder = new();
    private readonly RunningTool _running;

    /// <summary>Starts it, as a user.</summary>
    public KnownProcess(int? user = null)
    {
        Require.Root();
        Mark = $"9{Random.Shared.Next(100_000, 999_999)}.5";
        string library = LibraryOf("libm.so.6");
        Tool.InstallProgram(library, _folder.At(Library));
        Tool.Run("chmod", "755", _folder.Path).ShouldSucceed();
        _running = Tool.Start(
            "prlimit",
            [
                "--nofile=123:456",
                "nice",
                "-n",
                "7",
                "setpriv",
                "--no-new-privs",
                user is null ? "--bounding-set=-sys_boot" : "--",
                "sleep",
                Mark,
            ],
            new ToolOptions
            {
                User = user,
                Environment = new Dictionary<string, string?> { ["LD_PRELOAD"] = _folder.At(Library) },
            }
        );
        WaitUntilItSleeps();
    }

    /// <summary>Its argument, which no other process has.</summary>
    public string Mark { get; }

    /// <summary>Its number.</summary>
    public int ProcessId => _running.ProcessId;

    /// <summary>Its number, as a word.</summary>
    public string Id => $"{ProcessId}";

    /// <summary>Waits until it ends; its exit status as a shell gives it.</summary>
    public int WaitForExit() => _running.WaitForExit();

    public void Dispose()
    {
        _running.Dispose();
        _folder.Dispose();
    }

    // The programs before it execute one another; the last is the one that sleeps.
    private void WaitUntilItSleeps()
    {
        using PidFd process = PidFds.Open(ProcessId).OrThrow("open");
        for (int i = 0; ; i++)
        {
            if (File.ReadAllText($"/proc/{ProcessId}/comm") == "sleep\n" && ProcStat.Read(ProcessId).Value.State == 'S')
            {
                return;
            }

            Assert.True(i < 1000, "it does not sleep");
            PollEvents ended = Poll.Wait(process, PollEvents.POLLIN, TimeSpan.FromMilliseconds(10)).OrThrow("poll");
            Assert.Equal(PollEvents.None, ended);
        }
    }

    private static string LibraryOf(string name) =>
        File.ReadAllLines("/proc/self/maps")
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(path => path.EndsWith("/" + name, StringComparison.Ordinal))
        ?? Directory.EnumerateFiles("/usr/lib", name, SearchOption.AllDirectories).First();
}
