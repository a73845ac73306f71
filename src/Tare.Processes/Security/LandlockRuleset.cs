using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// What a process may reach of files and network, whatever its rights are, as the kernel has it; <see cref="LandlockPolicy"/>
/// makes one. Can be given to any number of processes. Owns its descriptor. landlock(7).
/// </summary>
public sealed class LandlockRuleset : IDisposable
{
    private readonly FileFd ruleset;

    internal LandlockRuleset(FileFd ruleset, int abi, LandlockRestrictFlags flags, ImmutableArray<string> unenforced)
    {
        this.ruleset = ruleset;
        Abi = abi;
        Flags = flags;
        Unenforced = unenforced;
    }

    /// <summary>The version of the kernel's ABI, from 1.</summary>
    public int Abi { get; }

    /// <summary>
    /// The kernel's names of what was asked for and this kernel cannot enforce; always empty unless
    /// <see cref="LandlockPolicy.BestEffort"/>.
    /// </summary>
    public ImmutableArray<string> Unenforced { get; }

    internal FileFd Descriptor => ruleset;

    internal LandlockRestrictFlags Flags { get; }

    internal LandlockAccessFs HandledFiles { get; init; }

    /// <inheritdoc />
    public void Dispose() => ruleset.Dispose();
}
