using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>How much of an address space lies where nobody can guess it.</summary>
public enum RandomizedParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Stack, libraries, vDSO, programs that can lie anywhere.</summary>
    Mappings = 1,

    /// <summary>The heap too.</summary>
    MappingsAndHeap = 2,
}

/// <summary>Whether addresses are random (ASLR), of the machine and of a process. personality(2), proc_sys_kernel(5).</summary>
public static class AddressRandomization
{
    // All bits: nothing is set.
    private const int Ask = -1;

    /// <summary>What the machine does with programs that do not forbid it. /proc/sys/kernel/randomize_va_space.</summary>
    public static SysResult<RandomizedParts> OfMachine()
    {
        SysResult<byte[]> text = Files.ReadAllAt(null, "/proc/sys/kernel/randomize_va_space", 64);
        return new(
            text.Ok && ProcText.TryInt32(text.Value.AsSpan().TrimEnd((byte)'\n'), out int value)
                ? (RandomizedParts)value
                : RandomizedParts.None,
            text.Errno
        );
    }

    /// <summary>The personality of a process: with ADDR_NO_RANDOMIZE nothing is random. EPERM: no right to trace it. /proc/PID/personality.</summary>
    public static SysResult<PersonalityFlags> PersonalityOf(DirectoryFd process)
    {
        SysResult<string> line = ProcDirectory.Line(process, "personality");
        return new(
            line.Ok
                ? (PersonalityFlags)(uint)ProcText.Hex(System.Text.Encoding.ASCII.GetBytes(line.Value))
                : PersonalityFlags.None,
            line.Errno
        );
    }

    /// <summary>The calling thread's. personality(2).</summary>
    public static SysResult<PersonalityFlags> GetPersonality()
    {
        nint raw = Interop.Call(Syscall.personality, Ask);
        return new((PersonalityFlags)(uint)raw, Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// Sets the calling thread's; what it starts has it too. ADDR_NO_RANDOMIZE says where the next program lies. What was
    /// there before is the result. personality(2).
    /// </summary>
    public static SysResult<PersonalityFlags> SetPersonality(PersonalityFlags flags)
    {
        nint raw = Interop.Call(Syscall.personality, (nint)(uint)flags);
        return new((PersonalityFlags)(uint)raw, Interop.ErrnoOf(raw));
    }
}
