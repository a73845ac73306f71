using System.Text;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace ToolServer;

/// <summary>Runs snippets in sandboxes, so many at a time; others wait for their turn.</summary>
internal sealed class SnippetRunner : IDisposable
{
    private readonly SemaphoreSlim places = new(2 * Environment.ProcessorCount);

    /// <summary>Runs one. Cancelling (the client went away) kills it.</summary>
    public async Task<SnippetResult> RunAsync(Snippet snippet, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            SandboxResult result = await Sandbox.RunAsync(
                snippet.Command!,
                ["-c", snippet.Code],
                new SandboxOptions
                {
                    Memory = 256 << 20,
                    Processes = 32,
                    Time = TimeSpan.FromSeconds(snippet.Seconds),
                    Output = 64 << 10,
                    Input = Encoding.UTF8.GetBytes(snippet.Input ?? ""),
                    AllowWeaker = true,
                },
                cancellation
            );
            ExitStatus status = result.ExitStatus.Status;
            return new SnippetResult(
                JsonNamingPolicy.CamelCase.ConvertName(result.End.ToString()),
                status.ExitCode,
                status.Signal == Signal.None ? null : SignalNames.NameOf(status.Signal),
                result.StandardOutput,
                result.StandardError,
                result.DroppedBytes,
                result.Elapsed.TotalMilliseconds,
                (result.Usage?.CpuTime ?? result.ExitStatus.Usage.CpuTime).TotalMilliseconds,
                result.Usage?.PeakMemory,
                JsonNamingPolicy.CamelCase.ConvertName(result.Level.ToString()),
                [.. result.Missing]
            );
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();
}
