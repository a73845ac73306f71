using Tare.Fixtures;

namespace Tare.Security.Tests.Arena;

/// <summary>A container that runs while no runtime does. Its output goes through cat(1), which is not the runtime.</summary>
internal sealed class Detached : IDisposable
{
    private readonly RunningTool _relay;

    public Detached(Victim victim, string bundle, string id, string readyText, TemporaryDirectory folder)
    {
        string input = folder.At($"{id}.in");
        Tool.Run("mkfifo", input).ShouldSucceed();

        // The runtime ends at once; what is written to the first cat(1) is what the container reads.
        _relay = Tool.Start(
            "sh",
            "-c",
            "\"$2\" --root \"$5\" run --detach --bundle \"$3\" \"$4\" <\"$1\" 2>&1 | cat & exec cat >\"$1\"",
            "sh",
            input,
            victim.Runtime,
            bundle,
            id,
            victim.State
        );
        try
        {
            _relay.WaitForText(readyText);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Ends the program's input and gives what it has written in all.</summary>
    public ToolResult End() => _relay.Wait();

    /// <inheritdoc/>
    public void Dispose() => _relay.Dispose();
}
