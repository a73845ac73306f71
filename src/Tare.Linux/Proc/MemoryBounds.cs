namespace Tare.Linux;

/// <summary>Where the parts of an address space begin and end, as addresses. proc_pid_stat(5), fields 26 to 28 and 45 to 51.</summary>
public readonly record struct MemoryBounds
{
    /// <summary>The program's text begins.</summary>
    public ulong StartCode { get; init; }

    /// <summary>The program's text ends.</summary>
    public ulong EndCode { get; init; }

    /// <summary>The bottom of the first thread's stack: its highest address.</summary>
    public ulong StartStack { get; init; }

    /// <summary>The program's data, and bss, begin.</summary>
    public ulong StartData { get; init; }

    /// <summary>The program's data, and bss, end.</summary>
    public ulong EndData { get; init; }

    /// <summary>The heap begins, which brk(2) makes longer.</summary>
    public ulong StartBreak { get; init; }

    /// <summary>The arguments begin.</summary>
    public ulong StartArguments { get; init; }

    /// <summary>The arguments end.</summary>
    public ulong EndArguments { get; init; }

    /// <summary>The environment begins.</summary>
    public ulong StartEnvironment { get; init; }

    /// <summary>The environment ends.</summary>
    public ulong EndEnvironment { get; init; }
}
