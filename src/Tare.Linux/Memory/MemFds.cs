using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Anonymous memory with a descriptor. memfd_create(2).</summary>
public static class MemFds
{
    /// <summary>A new, empty one. The name is for people, in /proc.</summary>
    public static SysResult<MemoryFd> Create(BytePath name, MemFdFlags flags = MemFdFlags.MFD_ALLOW_SEALING)
    {
        nint raw = Interop.memfd_create(name, flags | MemFdFlags.MFD_CLOEXEC);
        return raw < 0 ? Interop.Failed<MemoryFd>(raw) : new(new MemoryFd((int)raw), Errno.None);
    }

    /// <summary>
    /// A new one with content, sealed so that nobody changes it any more. Its position is at the beginning: whoever gets the
    /// descriptor reads it all.
    /// </summary>
    public static SysResult<MemoryFd> CreateSealed(BytePath name, ReadOnlySpan<byte> content)
    {
        return Fill(Create(name), content);
    }

    /// <summary>
    /// A new one with a program, sealed so that nobody changes it any more. EACCES: the sysctl vm.memfd_noexec is 2.
    /// </summary>
    public static SysResult<MemoryFd> CreateExecutable(BytePath name, ReadOnlySpan<byte> program)
    {
        SysResult<MemoryFd> created = Create(name, MemFdFlags.MFD_ALLOW_SEALING | MemFdFlags.MFD_EXEC);
        if (created.Errno == Errno.EINVAL)
        {
            // Before Linux 6.3 every file in memory may be executed.
            created = Create(name);
        }

        return Fill(created, program);
    }

    /// <summary>
    /// Forbids changes for good. EBUSY: a writable mapping exists, or something holds a page, be it the kernel for a moment.
    /// fcntl(2), F_ADD_SEALS.
    /// </summary>
    public static SysResult AddSeals(FileDescriptor memory, SealFlags seals)
    {
        using Borrowed descriptor = new(memory);
        return Interop.Result(
            Interop.Call(Syscall.fcntl, descriptor.Number, (nint)(int)FcntlCommand.F_ADD_SEALS, (nint)(uint)seals)
        );
    }

    /// <summary>What is forbidden. fcntl(2), F_GET_SEALS.</summary>
    public static SysResult<SealFlags> GetSeals(FileDescriptor memory)
    {
        using Borrowed descriptor = new(memory);
        nint raw = Interop.Call(Syscall.fcntl, descriptor.Number, (nint)(int)FcntlCommand.F_GET_SEALS);
        return raw < 0 ? Interop.Failed<SealFlags>(raw) : new((SealFlags)(uint)raw, Errno.None);
    }

    private static SysResult<MemoryFd> Fill(SysResult<MemoryFd> created, ReadOnlySpan<byte> content)
    {
        if (!created.Ok)
        {
            return created;
        }

        SysResult step = Files.WriteAllAt(created.Value, content, 0);
        if (step.Ok)
        {
            step = Seal(created.Value);
        }

        if (step.Ok)
        {
            return created;
        }

        created.Value.Dispose();
        return new(null!, step.Errno);
    }

    // Nobody else has the file, yet EBUSY may come: the kernel itself holds one of its pages for a moment, and longer than the
    // tenths of a second that it waits at each attempt. Of files of several megabytes one in thousands.
    private static SysResult Seal(MemoryFd memory)
    {
        const int Attempts = 10;
        SysResult sealing = default;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            sealing = AddSeals(
                memory,
                SealFlags.F_SEAL_SEAL | SealFlags.F_SEAL_SHRINK | SealFlags.F_SEAL_GROW | SealFlags.F_SEAL_WRITE
            );
            if (sealing.Errno != Errno.EBUSY)
            {
                break;
            }
        }

        return sealing;
    }
}
