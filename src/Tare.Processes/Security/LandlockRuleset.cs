using Tare.Linux;

namespace Tare.Processes;

/// <summary>What a process may reach of files and network, whatever its rights are. Owns its descriptor. landlock(7).</summary>
public sealed class LandlockRuleset : IDisposable
{
    private readonly FileFd ruleset;

    internal LandlockRuleset(FileFd ruleset) => this.ruleset = ruleset;

    internal FileFd Descriptor => ruleset;

    /// <inheritdoc />
    public void Dispose() => ruleset.Dispose();
}
