using System.Globalization;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>
/// The runtime is killed at each of its system calls that change something while it has a container saved or restored;
/// each message to CRIU is one of them. strace(1) does so; CRIU notices by itself.
/// </summary>
public sealed class KilledCheckpointTests : IDisposable
{
    private static readonly string[] Changing =
    [
        "sendmsg",
        "clone3",
        "mkdirat",
        "write",
        "pwrite64",
        "renameat",
        "flock",
    ];

    private readonly OciRuntime _runtime = new();

    public KilledCheckpointTests() => Require.Program("strace");

    [Fact]
    public void A_killed_checkpoint_leaves_a_container_that_counts_on_or_images_that_are_complete()
    {
        int killed = 0;
        foreach (string call in Changing)
        {
            for (int number = 1; ; number++)
            {
                SavedContainer saved = Counting();
                bool injected = Kill(call, number, ["checkpoint", "--image-path", saved.Images, saved.Container.Id]);
                WaitForCriu(saved.Images);
                if (!injected)
                {
                    break;
                }

                killed++;
                if (saved.Container.Do("state").ExitCode != 0 || saved.Container.Status == "stopped")
                {
                    saved.Container.DoWith("delete", "--force").ShouldSucceed();
                    saved.Restore().ShouldSucceed();
                }

                Assert.Equal("running", saved.Container.Status);
                saved.ShouldCount("three", 3);
                saved.Container.DoWith("delete", "--force").ShouldSucceed();
                if (Directory.Exists(saved.Images))
                {
                    Directory.Delete(saved.Images, recursive: true);
                }
            }
        }

        Assert.True(killed > 10, $"killed {killed} times only");
    }

    [Fact]
    public void A_killed_restore_leaves_nothing_after_the_next_start()
    {
        SavedContainer saved = Counting();
        saved.Checkpoint().ShouldSucceed();
        Bundle next = _runtime.NewBundle(["true"]);
        int killed = 0;
        foreach (string call in Changing)
        {
            for (int number = 1; ; number++)
            {
                string id = _runtime.NewId();
                bool injected = Kill(
                    call,
                    number,
                    ["restore", "--detach", "--image-path", saved.Images, "--bundle", saved.Container.Bundle.Path, id]
                );
                WaitForCriu(saved.Images);
                if (!injected || _runtime.HasMade(id))
                {
                    _runtime.Do("delete", "--force", id).ShouldSucceed();
                }

                Traces.WaitForMark(_runtime.Root, id);
                _runtime.Do("run", "--bundle", next.Path, _runtime.NewId()).ShouldSucceed();
                string[] left = Traces.Of(_runtime.Root, id);
                Assert.True(left.Length == 0, $"{call} number {number} leaves:\n{string.Join('\n', left)}");
                if (!injected)
                {
                    break;
                }

                killed++;
            }
        }

        Assert.True(killed > 10, $"killed {killed} times only");
        saved.Restore().ShouldSucceed();
        saved.ShouldCount("three", 3);
    }

    public void Dispose() => _runtime.Dispose();

    private SavedContainer Counting()
    {
        SavedContainer saved = new(_runtime);
        saved.ShouldCount("one", 1);
        saved.ShouldCount("two", 2);
        return saved;
    }

    // CRIU works in the directory with its images.
    private static void WaitForCriu(string images)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
        {
            if (new FileInfo($"{process}/cwd").LinkTarget == images)
            {
                using Ending ending = Ending.Of(
                    int.Parse(process.AsSpan("/proc/".Length), CultureInfo.InvariantCulture)
                );
                ending.Wait();
            }
        }
    }

    private bool Kill(string call, int number, string[] words)
    {
        string trace = _runtime.Folder.At("trace");
        using RunningTool tool = Tool.Start(
            "strace",
            [
                "-qq",
                "-o",
                trace,
                "-e",
                $"trace={call}",
                "-e",
                $"inject={call}:signal=KILL:when={number.ToString(CultureInfo.InvariantCulture)}",
                OciRuntime.Program,
                "--root",
                _runtime.Root,
                .. words,
            ],
            new ToolOptions()
        );
        int status = tool.WaitForExit();
        bool injected = File.ReadAllText(trace).Contains("+++ killed by SIGKILL +++", StringComparison.Ordinal);
        Assert.True(status == (injected ? 137 : 0), $"{call} number {number}: {status}\n{tool.Errors}");
        return injected;
    }
}
