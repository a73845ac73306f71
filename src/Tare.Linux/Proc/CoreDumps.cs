namespace Tare.Linux;

/// <summary>What of a process's memory goes into its core dump. core(5), /proc/PID/coredump_filter.</summary>
[Flags]
public enum CoreDumpParts
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Private anonymous memory.</summary>
    AnonymousPrivate = 0x1,

    /// <summary>Shared anonymous memory.</summary>
    AnonymousShared = 0x2,

    /// <summary>Private mappings of files.</summary>
    FilePrivate = 0x4,

    /// <summary>Shared mappings of files.</summary>
    FileShared = 0x8,

    /// <summary>The first page of programs and libraries.</summary>
    ElfHeaders = 0x10,

    /// <summary>Private huge pages.</summary>
    HugePrivate = 0x20,

    /// <summary>Shared huge pages.</summary>
    HugeShared = 0x40,

    /// <summary>Private pages of persistent memory.</summary>
    DaxPrivate = 0x80,

    /// <summary>Shared pages of persistent memory.</summary>
    DaxShared = 0x100,
}

/// <summary>Where core dumps go. core(5).</summary>
public enum CoreDumpTarget
{
    /// <summary>Into a file.</summary>
    File,

    /// <summary>Into a program that the kernel starts: <c>|/path …</c>.</summary>
    Program,

    /// <summary>To who listens at a Unix socket: <c>@/path</c>, Linux 6.16.</summary>
    Socket,

    /// <summary>To who listens and says first what is wanted of it: <c>@@/path</c>, Linux 6.17.</summary>
    NegotiatingSocket,
}

/// <summary>The machine's pattern for core dumps. /proc/sys/kernel/core_pattern.</summary>
/// <param name="Target">Where they go.</param>
/// <param name="Text">The file's name, the program with its arguments, or the socket's path, with <c>%</c> letters as core(5) has them.</param>
public readonly record struct CoreDumpPattern(CoreDumpTarget Target, string Text)
{
    /// <summary>The machine's, or in a user's own mount of sysctl the one that is seen there.</summary>
    public static SysResult<CoreDumpPattern> Read()
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, "/proc/sys/kernel/core_pattern", 1 << 12);
        return new(text.Ok ? Parse(ProcText.String(text.Value.AsSpan().TrimEnd((byte)'\n'))) : default, text.Errno);
    }

    /// <summary>Takes a pattern apart.</summary>
    public static CoreDumpPattern Parse(string pattern) =>
        pattern switch
        {
            ['|', ..] => new(CoreDumpTarget.Program, pattern[1..]),
            ['@', '@', ..] => new(CoreDumpTarget.NegotiatingSocket, pattern[2..]),
            ['@', ..] => new(CoreDumpTarget.Socket, pattern[1..]),
            _ => new(CoreDumpTarget.File, pattern),
        };
}

/// <summary>How a process's addresses are chosen and what its core dump holds.</summary>
public static class CoreDumps
{
    /// <summary>What a process's core dump would hold. EACCES: no right to trace it; ENOENT: no CONFIG_ELF_CORE.</summary>
    public static SysResult<CoreDumpParts> GetParts(DirectoryFd process)
    {
        SysResult<string> line = ProcDirectory.Line(process, "coredump_filter");
        return new(
            line.Ok && line.Value.Length > 0
                ? (CoreDumpParts)(int)ProcText.Hex(System.Text.Encoding.ASCII.GetBytes(line.Value))
                : CoreDumpParts.None,
            line.Errno
        );
    }

    /// <summary>Says that of a process; children inherit it. EACCES or EPERM: no right.</summary>
    public static SysResult SetParts(DirectoryFd process, CoreDumpParts parts) =>
        Files.WriteValueAt(process, "coredump_filter", System.Text.Encoding.ASCII.GetBytes($"0x{(int)parts:x}"));
}
