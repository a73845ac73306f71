using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What a program was seen to do is all that it may do then.</summary>
internal static class Recording
{
    /// <summary>A program is recorded, restricted to that, and then asked for more.</summary>
    public static async Task<int> RunAsync()
    {
        ProcessStartOptions cat = new("cat", "/etc/passwd") { NoNewPrivileges = true };
        RecordedRun run = await Recorder.RunAsync(cat with { StandardOutput = ChildStream.Null });
        Processes.Recording recording = run.Recording;
        Console.WriteLine($"recorded={run.ExitStatus},{recording.Unreadable},{recording.UnknownCalls.Count}");
        Console.WriteLine($"calls={recording.Calls.ContainsKey("execve")},{recording.Calls.ContainsKey("mount")}");
        Console.WriteLine($"read={recording.Paths["/etc/passwd"].Access.HasFlag(RecordedAccess.Read)}");
        using LandlockRuleset ruleset = (recording.ToLandlockPolicy() with { BestEffort = true }).ToRuleset();
        ProcessStartOptions restricted = cat with
        {
            Seccomp = recording.ToSeccompProfile().ToFilter(),
            Landlock = ruleset,
        };
        ProcessTextOutput same = await ChildProcess.RunAndCaptureTextAsync(restricted);
        Console.WriteLine($"same={same.ExitStatus},{same.StandardOutput.Contains("root:", StringComparison.Ordinal)}");
        ProcessTextOutput more = await ChildProcess.RunAndCaptureTextAsync(
            restricted with
            {
                Arguments = ["/etc/group"],
            }
        );
        Console.WriteLine($"more={more.ExitStatus.Success},{more.StandardOutput.Length}");
        return 0;
    }
}
