using System.Diagnostics;
using System.Globalization;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

/// <summary>
/// A process that is this one's child without the runtime knowing it: a shell started it and ended. So nobody but the test
/// reaps it. Killed, if it still is there, when disposed.
/// </summary>
internal sealed class Orphan : IDisposable
{
    private Orphan(int processId)
    {
        ProcessId = processId;
        Process = PidFds.Open(processId).OrThrow("pidfd_open");
    }

    internal int ProcessId { get; }

    internal PidFd Process { get; }

    /// <summary>Starts a command of the shell. It stops itself first, so that it is not gone before the shell that could reap it.</summary>
    internal static Orphan Start(string command)
    {
        Processes.SetSubreaper(true).OrThrow("prctl");
        using Process shell = System.Diagnostics.Process.Start(
            new ProcessStartInfo("/bin/sh")
            {
                ArgumentList = { "-c", $"sh -c 'kill -STOP $$; {command}' >/dev/null 2>&1 </dev/null & echo $!" },
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        string output = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Orphan orphan = new(int.Parse(output, CultureInfo.InvariantCulture));
        PidFds.Wait(orphan.Process, WaitOptions.WSTOPPED).OrThrow("waitid");
        PidFds.SendSignal(orphan.Process, Signal.SIGCONT).OrThrow("pidfd_send_signal");
        return orphan;
    }

    public void Dispose()
    {
        if (PidFds.SendSignal(Process, Signal.SIGKILL).Ok)
        {
            PidFds.Wait(Process);
        }

        Process.Dispose();
    }
}
