using System.Text;
using Tare.Cli.CommandLine;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Cli.Recordings;

/// <summary><c>tare record</c>: runs a command, tells what it asked the kernel for, and writes profiles of it.</summary>
internal static class RecordVerb
{
    private const FileModes FileMode = (FileModes)0x1A4; // rw-r--r--
    private const int LongestRecording = 64 << 20;
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    /// <summary>Runs the command and writes.</summary>
    /// <returns>The exit status.</returns>
    public static int Run(RecordOptions options)
    {
        Recording[] before = [.. options.Merge.Select(Read)];

        // Before anything runs, so that what cannot be kept is no surprise at the end.
        using FileFd? seccomp = Open("--seccomp", options.SeccompFile);
        using FileFd? landlock = Open("--landlock", options.LandlockFile);
        using FileFd? json = Open("--json", options.JsonFile);
        Recorder recorder = new();
        ProcessExit exit;
        try
        {
            exit = RunAsync(recorder, options.Command).GetAwaiter().GetResult();
        }
        catch (ProcessStartException e)
        {
            Log.Error(e.Message);
            return e.Setting != nameof(ProcessStartOptions.FileName) ? Program.Failed
                : e.Errno == Errno.ENOENT ? NotFound
                : NotExecutable;
        }

        Recording recording = Recording.Merge([.. before, recorder.Recording]);
        Write(seccomp, options.SeccompFile, () => Encoding.UTF8.GetBytes(recording.ToOciSeccomp()));
        Write(landlock, options.LandlockFile, () => LandlockDocument.Write(recording.ToLandlockPolicy()));
        Write(json, options.JsonFile, recording.ToJson);
        Output.WriteError(RecordingText.Format(recording));
        return exit.Status.ToShellStatus();
    }

    private static async Task<ProcessExit> RunAsync(Recorder recorder, IReadOnlyList<string> command)
    {
        bool privileged = Capabilities.Get().OrThrow("capget").Effective.Contains(Capability.CAP_SYS_ADMIN);
        await using ChildProcess child = recorder.Start(
            new ProcessStartOptions(command[0], command.Skip(1)) { NoNewPrivileges = !privileged }
        );
        SignalStream signals = SignalStream.Open(Signal.SIGINT, Signal.SIGQUIT, Signal.SIGTERM, Signal.SIGHUP);
        Task passing = PassOnAsync(signals, child);
        ProcessExit exit = await child.WaitForExitAsync().ConfigureAwait(false);
        await recorder.Ended.ConfigureAwait(false);
        signals.Dispose();
        await passing.ConfigureAwait(false);
        return exit;
    }

    // A key's signal the program has got already: it is in this process's job.
    private static async Task PassOnAsync(SignalStream signals, ChildProcess child)
    {
        await foreach (SignalDetails signal in signals.ReadAllAsync().ConfigureAwait(false))
        {
            bool isKey = signal is { Origin: SignalOrigin.SI_KERNEL, Signal: Signal.SIGINT or Signal.SIGQUIT };
            if (!isKey)
            {
                child.Signal(signal.Signal);
            }
        }
    }

    private static Recording Read(string path)
    {
        SysResult<FileFd> opened = Files.OpenAt(null, path, OpenFlags.O_RDONLY);
        using FileFd file = opened.OrThrow("open", path, "--merge takes what --json wrote");
        try
        {
            return Recording.Parse(Files.ReadToEnd(file, LongestRecording).OrThrow("read", path));
        }
        catch (FormatException e)
        {
            throw new UsageException($"--merge: '{path}': {e.Message}");
        }
    }

    private static FileFd? Open(string option, string? path) =>
        path is null
            ? null
            : Files
                .OpenAt(null, path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, FileMode)
                .OrThrow("open", path, $"{option} writes there");

    private static void Write(FileFd? file, string? path, Func<byte[]> content)
    {
        if (file is not null)
        {
            // What was there before stays until there is something better. A pipe or a device has nothing to lose.
            byte[] bytes = content();
            Files.FTruncate(file, 0);
            Files.WriteAll(file, bytes).OrThrow("write", path);
        }
    }
}
