using System.Globalization;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Hooks;

/// <summary>Runs one hook from beginning to end.</summary>
internal static class HookRun
{
    /// <summary>Launches a hook and waits for it.</summary>
    /// <param name="hook">The hook.</param>
    /// <param name="state">What it reads.</param>
    /// <param name="launch">Launches it with these streams, in a session of its own.</param>
    /// <exception cref="ContainerException">It cannot be executed, or has failed or run for too long; what it started in its
    /// process group has been killed then.</exception>
    public static void Run(ValidatedHook hook, byte[] state, Func<HookStreams, LaunchedProcess> launch)
    {
        using HookStreams streams = HookStreams.Open(state);
        using LaunchedProcess process = Launch(hook, streams, launch);
        streams.HandOver();
        if (!streams.Follow(process.Process, hook.Timeout))
        {
            KillGroup(process);
            throw Failure(hook, $"hook ran past specified timeout of {hook.Timeout!.Value.TotalSeconds}s", streams);
        }

        ExitStatus? status = PidFds.Wait(process.Process, WaitOptions.WEXITED | WaitOptions.WNOWAIT).Value?.Status;
        if (status is not { Success: true })
        {
            // Before it is reaped: the number of the group is its own.
            KillGroup(process);
            throw Failure(hook, status is { } ended ? Describe(ended) : "it was taken away", streams);
        }

        PidFds.Wait(process.Process);
    }

    private static LaunchedProcess Launch(
        ValidatedHook hook,
        HookStreams streams,
        Func<HookStreams, LaunchedProcess> launch
    )
    {
        try
        {
            return launch(streams);
        }
        catch (LaunchException e)
        {
            throw new ContainerException($"{Name(hook)}: {e.Message}", e);
        }
    }

    private static void KillGroup(LaunchedProcess process)
    {
        Processes.Kill(-process.ProcessId, Signal.SIGKILL);
        process.Kill();
    }

    // As runc has it, whose callers know these words.
    private static ContainerException Failure(ValidatedHook hook, string problem, HookStreams streams) =>
        new($"{Name(hook)}: {problem}, {streams.Words}");

    private static string Describe(ExitStatus status) =>
        status.ExitCode is { } code
            ? string.Create(CultureInfo.InvariantCulture, $"exit status {code}")
            : $"signal: {SignalNames.NameOf(status.Signal)}";

    private static string Name(ValidatedHook hook) => $"error running {SpecNames.Of(hook.Kind)} hook #{hook.Index}";
}
