using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

/// <summary>The end of a process that is not the test's child.</summary>
internal sealed class Ending : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly PidFd _process;

    private Ending(PidFd process) => _process = process;

    /// <summary>Of a process that is there now.</summary>
    public static Ending Of(int processId) => new(PidFds.Open(processId).OrThrow("open process", $"{processId}"));

    /// <summary>Waits for it.</summary>
    public void Wait() => Assert.NotEqual(PollEvents.None, Poll.Wait(_process, PollEvents.POLLIN, Longest).Value);

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}
