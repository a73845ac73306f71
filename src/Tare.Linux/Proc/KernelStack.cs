namespace Tare.Linux;

/// <summary>A system call that a thread waits in. /proc/PID/syscall, proc_pid_syscall(5).</summary>
/// <param name="Number">The call's number; -1: it waits in the kernel and in no call.</param>
/// <param name="Arguments">Six; none where it is in no call.</param>
/// <param name="StackPointer">The stack's address.</param>
/// <param name="InstructionPointer">The next instruction's.</param>
public sealed record BlockedCall(
    int Number,
    IReadOnlyList<ulong> Arguments,
    ulong StackPointer,
    ulong InstructionPointer
)
{
    /// <summary>
    /// Of a process's first thread or a thread; null where it runs. EACCES: no right to trace it; ENOENT: the kernel lacks it.
    /// </summary>
    public static SysResult<BlockedCall?> Read(DirectoryFd task)
    {
        SysResult<string> line = ProcDirectory.Line(task, "syscall");
        return new(line.Ok ? Parse(line.Value) : null, line.Errno);
    }

    /// <summary>Takes the line apart.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static BlockedCall? Parse(string line)
    {
        if (line == "running")
        {
            return null;
        }

        string[] fields = line.Split(' ');
        if (fields.Length is not (3 or 9) || !int.TryParse(fields[0], out int number))
        {
            throw new FormatException($"'{line}' is no system call");
        }

        ulong[] values = Array.ConvertAll(
            fields[1..],
            field => ProcText.Hex(System.Text.Encoding.ASCII.GetBytes(field))
        );
        return new(number, values[..^2], values[^2], values[^1]);
    }
}

/// <summary>Where in the kernel a thread waits. As root. /proc/PID/stack, proc_pid_stack(5).</summary>
public static class KernelStack
{
    /// <summary>The functions, the innermost first, with their offsets; none where it runs. EACCES: not root.</summary>
    public static SysResult<IReadOnlyList<string>> Read(DirectoryFd task)
    {
        SysResult<byte[]> text = Files.ReadAllAt(task, "stack", 1 << 16);
        return new(text.Ok ? Parse(ProcText.String(text.Value)) : [], text.Errno);
    }

    /// <summary>Takes the lines apart: <c>[&lt;0&gt;] function+0x1/0x2</c>.</summary>
    public static IReadOnlyList<string> Parse(string text) =>
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..].Trim()),
        ];
}
