using System.Text;
using Tare.Processes;

namespace CodeJudge;

/// <summary>Compiles and runs submissions, each in a sandbox of its own with exact limits.</summary>
internal sealed class Judge
{
    private static readonly SandboxOptions Compiling = new()
    {
        Time = TimeSpan.FromSeconds(30),
        Output = 16 << 20,
        EndAtOutputLimit = true,
    };

    private static readonly SandboxOptions Running = new()
    {
        Memory = 64 << 20,
        Processes = 16,
        Cpu = 1,
        CpuTime = TimeSpan.FromSeconds(1),
        Time = TimeSpan.FromSeconds(5),
        Output = 64 << 10,
        EndAtOutputLimit = true,
        FileSize = 1 << 20,
    };

    /// <summary>Judges a submission by all cases of its problem; the first that is not accepted decides.</summary>
    public static async Task<Judgement> RunAsync(Submission submission, CancellationToken cancellation = default)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("code-judge-");
        try
        {
            string program = Path.Combine(folder.FullName, "program");
            if (await BuildAsync(submission, program, cancellation) is { } failed)
            {
                return failed;
            }

            Judgement judgement = new(Verdict.AC, "", default, null);
            foreach ((string input, string expected) in submission.Problem.Cases)
            {
                Judgement next = await RunAsync(submission, program, input, expected, cancellation);
                judgement = next with
                {
                    CpuTime = next.CpuTime > judgement.CpuTime ? next.CpuTime : judgement.CpuTime,
                    Memory =
                        next.Memory > judgement.Memory || judgement.Memory is null ? next.Memory : judgement.Memory,
                };
                if (judgement.Verdict != Verdict.AC)
                {
                    break;
                }
            }

            return judgement;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Judgement?> BuildAsync(
        Submission submission,
        string program,
        CancellationToken cancellation
    )
    {
        byte[] source = Encoding.UTF8.GetBytes(submission.Source);
        if (submission.Language.Compiler is not [string compiler, .. var arguments])
        {
            await WriteAsync(program, source, cancellation);
            return null;
        }

        SandboxResult compiled = await Sandbox.RunAsync(
            compiler,
            arguments,
            Compiling with
            {
                Input = source,
            },
            cancellation
        );
        if (!compiled.Success)
        {
            return new Judgement(
                Verdict.CE,
                FirstLine(compiled.StandardError),
                compiled.ExitStatus.Usage.CpuTime,
                null
            );
        }

        await WriteAsync(program, compiled.StandardOutputBytes, cancellation);
        return null;
    }

    private static async Task<Judgement> RunAsync(
        Submission submission,
        string program,
        string input,
        string expected,
        CancellationToken cancellation
    )
    {
        SandboxResult result = await Sandbox.RunAsync(
            submission.Language.Interpreter ?? program,
            submission.Language.Interpreter is null ? [] : [program],
            Running with
            {
                ReadOnly = [Path.GetDirectoryName(program)!],
                Input = Encoding.UTF8.GetBytes(input),
            },
            cancellation
        );
        TimeSpan used = result.Usage?.CpuTime ?? result.ExitStatus.Usage.CpuTime;
        (Verdict verdict, string reason) = result.End switch
        {
            SandboxEnd.TimeExceeded => (Verdict.TLE, $"more than {Running.Time!.Value.TotalSeconds:0} s"),
            SandboxEnd.CpuTimeExceeded => (Verdict.TLE, "more processor time than it may use"),
            SandboxEnd.MemoryExceeded => (Verdict.MLE, "more memory than it may use"),
            SandboxEnd.OutputExceeded => (Verdict.OLE, $"more than {Running.Output} bytes"),
            _ when result.Usage?.RefusedProcesses > 0 => (Verdict.RE, "more processes than it may have"),
            _ when !result.ExitStatus.Success => (Verdict.RE, result.ExitStatus.ToString()),
            _ when result.StandardOutput.Trim() != expected => (
                Verdict.WA,
                $"'{FirstLine(result.StandardOutput)}' for '{expected}'"
            ),
            _ => (Verdict.AC, ""),
        };
        return new Judgement(
            verdict,
            reason,
            used,
            result.Usage?.PeakMemory ?? result.ExitStatus.Usage.PeakResidentBytes
        );
    }

    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        await File.WriteAllBytesAsync(path, content, cancellation);

        // Whoever the sandbox's user is may read and execute it.
        const UnixFileMode all =
            UnixFileMode.UserRead
            | UnixFileMode.UserExecute
            | UnixFileMode.UserWrite
            | UnixFileMode.GroupRead
            | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(path, all);
        File.SetUnixFileMode(Path.GetDirectoryName(path)!, all);
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0];
}
