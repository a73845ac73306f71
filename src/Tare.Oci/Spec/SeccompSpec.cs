namespace Tare.Oci;

/// <summary>Which system calls the container's programs may make. config-linux.md, "Seccomp".</summary>
public sealed record SeccompSpec
{
    /// <summary>What becomes of calls that no rule is about.</summary>
    public required SeccompActionType DefaultAction { get; init; }

    /// <summary>The default action's errno, or the value that a tracer sees; null is EPERM.</summary>
    public uint? DefaultErrnoRet { get; init; }

    /// <summary>The architectures that calls may be made for, besides the machine's own.</summary>
    public IReadOnlyList<SeccompArchitecture> Architectures { get; init; } = [];

    /// <summary>How the filter is loaded; null leaves it to the runtime, empty is none.</summary>
    public IReadOnlyList<SeccompFlag>? Flags { get; init; }

    /// <summary>The socket of the program that answers notifications.</summary>
    public string? ListenerPath { get; init; }

    /// <summary>What that program is told besides.</summary>
    public string? ListenerMetadata { get; init; }

    /// <summary>The text that it was read from; null where it was made otherwise.</summary>
    public SeccompText? Text { get; init; }

    /// <summary>The rules.</summary>
    public IReadOnlyList<SeccompRuleSpec> Syscalls { get; init; } = [];
}

/// <summary>What becomes of some calls.</summary>
public sealed record SeccompRuleSpec
{
    /// <summary>The calls' names.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What becomes of them.</summary>
    public required SeccompActionType Action { get; init; }

    /// <summary>The action's errno, or the value that a tracer sees; null is EPERM.</summary>
    public uint? ErrnoRet { get; init; }

    /// <summary>Only of calls whose arguments are like this; empty is of all.</summary>
    public IReadOnlyList<SeccompArgSpec> Args { get; init; } = [];
}

/// <summary>What an argument of a call must be.</summary>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Value">What it is compared with; the mask of <see cref="SeccompOperator.MaskedEqual"/>.</param>
/// <param name="ValueTwo">With <see cref="SeccompOperator.MaskedEqual"/> what the masked argument is compared with.</param>
/// <param name="Operator">How it is compared, without a sign.</param>
public sealed record SeccompArgSpec(uint Index, ulong Value, ulong ValueTwo, SeccompOperator Operator);
