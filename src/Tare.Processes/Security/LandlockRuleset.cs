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

    /// <summary>The ruleset itself; stays this object's.</summary>
    public FileFd Descriptor => ruleset;

    /// <summary>The rights on files that are denied where no rule allows them.</summary>
    public LandlockAccessFs HandledFiles { get; internal init; }

    internal LandlockRestrictFlags Flags { get; }

    /// <summary>The kernel enforces that no signal leads out.</summary>
    internal bool KeepsSignalsIn { get; init; }

    /// <summary>
    /// Restricts this program itself, for good: all its threads at once, and all that it starts from now on. It gets
    /// no_new_privs, which lasts as well. What it has open stays open. ABI 8, Linux 7.0.
    /// </summary>
    /// <exception cref="KernelException">
    /// EOPNOTSUPP: the kernel restricts single threads only, and .NET runs on many. E2BIG: the program is under sixteen rulesets.
    /// </exception>
    public void RestrictThisProcess()
    {
        const string Words = "restrict this process with Landlock";
        const int AllThreads = 8;
        if (Abi < AllThreads)
        {
            throw new KernelException(
                Errno.EOPNOTSUPP,
                Words,
                $"ABI {Abi}",
                "needs Linux 7.0; a program that is started can be restricted on this one: ProcessStartOptions.Landlock"
            );
        }

        ProcessSecurity.SetNoNewPrivileges();
        Landlock.RestrictSelf(ruleset, Flags | LandlockRestrictFlags.LANDLOCK_RESTRICT_SELF_TSYNC).OrThrow(Words);
    }

    /// <inheritdoc />
    public void Dispose() => ruleset.Dispose();
}
