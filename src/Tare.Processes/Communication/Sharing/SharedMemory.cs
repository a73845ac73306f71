using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Memory that other processes share once they have its descriptor: given at their start
/// (<see cref="ProcessStartOptions.Descriptors"/>) or handed over (<see cref="DescriptorChannel"/>). Nobody can change its
/// size, so that no access fails. Spans of it are valid until it is disposed or frozen. memfd_create(2), mmap(2).
/// </summary>
public sealed class SharedMemory : IDisposable
{
    private const SealFlags SizeSeals = SealFlags.F_SEAL_SHRINK | SealFlags.F_SEAL_GROW;
    private const string NamedFolder = "/dev/shm/";

    private readonly FileDescriptor file;
    private MappedMemory mapped;

    private SharedMemory(FileDescriptor file, MappedMemory mapping, bool isReadOnly)
    {
        this.file = file;
        mapped = mapping;
        IsReadOnly = isReadOnly;
    }

    /// <summary>The descriptor to hand to others; stays this object's.</summary>
    public FileDescriptor Descriptor => file;

    /// <summary>The size in bytes.</summary>
    public int Length => mapped.Length;

    /// <summary>This process can only read it.</summary>
    public bool IsReadOnly { get; private set; }

    /// <summary>What can never be done to it any more. F_GET_SEALS.</summary>
    public SealFlags Seals => MemFds.GetSeals(file).OrThrow("ask for the seals of shared memory");

    /// <summary>The bytes.</summary>
    /// <exception cref="InvalidOperationException">They can only be read: <see cref="Content"/>.</exception>
    public Span<byte> Span => Writable().GetSpan();

    /// <summary>The bytes.</summary>
    /// <exception cref="InvalidOperationException">They can only be read: <see cref="Content"/>.</exception>
    public Memory<byte> Memory => Writable().Memory;

    /// <summary>The bytes, to be read.</summary>
    public ReadOnlyMemory<byte> Content => mapped.Memory;

    internal nint Address => mapped.Address;

    /// <summary>New memory, all zero, that cannot be shrunk, grown or executed.</summary>
    /// <param name="name">For people, in /proc; need not be unique.</param>
    /// <param name="length">Its size in bytes; a multiple of the size of huge pages.</param>
    /// <param name="options">Null is <see cref="SharedMemoryOptions.Default"/>.</param>
    /// <exception cref="KernelException">ENOMEM: not so much is left, or no such huge pages.</exception>
    public static SharedMemory Create(string name, int length, SharedMemoryOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(name) > 249)
        {
            throw new ArgumentException("a name has at most 249 bytes and no zero character", nameof(name));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        options ??= SharedMemoryOptions.Default;
        CheckSeals(options.Seals, nameof(options));
        MemFdFlags pages = options.PageSize switch
        {
            null => MemFdFlags.None,
            2 << 20 => MemFdFlags.MFD_HUGETLB | MemFdFlags.MFD_HUGE_2MB,
            1 << 30 => MemFdFlags.MFD_HUGETLB | MemFdFlags.MFD_HUGE_1GB,
            _ => throw new ArgumentException("huge pages have 2 MiB or 1 GiB", nameof(options)),
        };
        if (options.PageSize is { } size && length % size != 0)
        {
            throw new ArgumentException($"{length} bytes are no whole pages of {size}", nameof(length));
        }

        if ((options.Seals & SealFlags.F_SEAL_WRITE) != 0)
        {
            throw new ArgumentException(
                "what is empty and never written is of no use: Freeze it later",
                nameof(options)
            );
        }

        MappedMemory? mapping = null;
        MemoryFd memory = Make(name, pages | MemFdFlags.MFD_ALLOW_SEALING).OrThrow("make shared memory", name);
        try
        {
            Files.FTruncate(memory, length).OrThrow("size shared memory", name);
            mapping = Map(memory, length, isReadOnly: false);
            MemFds.AddSeals(memory, SizeSeals | options.Seals).OrThrow("seal shared memory", name);
            return new(memory, mapping, false);
        }
        catch
        {
            mapping?.Dispose();
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Memory that somebody else made, from its descriptor.</summary>
    /// <param name="descriptor">The descriptor; owned from now on.</param>
    /// <param name="access">Read or ReadWrite.</param>
    /// <param name="required">
    /// What must be impossible: without F_SEAL_SHRINK another process could make it smaller, and reading it here would end this
    /// process (SIGBUS).
    /// </param>
    /// <exception cref="KernelException">EPERM: a seal that is required is not there. EACCES: it may not be written.</exception>
    public static SharedMemory Open(
        FileDescriptor descriptor,
        FileAccess access = FileAccess.ReadWrite,
        SealFlags required = SealFlags.F_SEAL_SHRINK
    )
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        CheckAccess(access);
        SealFlags seals = required == SealFlags.None ? default : MemFds.GetSeals(descriptor).Value;
        if ((required & ~seals) != 0)
        {
            throw new KernelException(
                Errno.EPERM,
                "map shared memory",
                hint: $"{required & ~seals} is not set, and whoever made it could do that"
            );
        }

        ulong length = Files.StatX(descriptor).OrThrow("look at shared memory").Size;
        if (length is 0 or > int.MaxValue)
        {
            throw new KernelException(
                Errno.EFBIG,
                "map shared memory",
                hint: $"{length} bytes are not between 1 and {int.MaxValue}"
            );
        }

        bool isReadOnly = access == FileAccess.Read;
        return new(descriptor, Map(descriptor, (int)length, isReadOnly), isReadOnly);
    }

    /// <summary>
    /// New memory with a name, for processes that are not related; it stays until it is removed. It cannot be sealed: whoever
    /// may write it may also make it smaller. shm_open(3).
    /// </summary>
    /// <param name="name">Its name, without a slash.</param>
    /// <param name="length">Its size in bytes.</param>
    /// <param name="mode">Who may open it; the umask applies.</param>
    /// <exception cref="KernelException">EEXIST: the name is taken.</exception>
    public static SharedMemory CreateNamed(
        string name,
        int length,
        FileModes mode = FileModes.S_IRUSR | FileModes.S_IWUSR
    )
    {
        string path = PathOf(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        FileFd made = Files
            .OpenAt(
                null,
                path,
                OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_CLOEXEC | OpenFlags.O_NOFOLLOW,
                mode
            )
            .OrThrow("make shared memory", name);
        try
        {
            Files.FTruncate(made, length).OrThrow("size shared memory", name);
            return new(made, Map(made, length, isReadOnly: false), false);
        }
        catch
        {
            made.Dispose();
            Files.UnlinkAt(null, path);
            throw;
        }
    }

    /// <summary>Memory that has a name. shm_open(3).</summary>
    /// <exception cref="KernelException">ENOENT: there is none. EACCES.</exception>
    public static SharedMemory OpenNamed(string name, FileAccess access = FileAccess.ReadWrite)
    {
        CheckAccess(access);
        FileFd opened = Files
            .OpenAt(
                null,
                PathOf(name),
                (access == FileAccess.Read ? OpenFlags.O_RDONLY : OpenFlags.O_RDWR)
                    | OpenFlags.O_CLOEXEC
                    | OpenFlags.O_NOFOLLOW
            )
            .OrThrow("open shared memory", name);
        try
        {
            return Open(opened, access, SealFlags.None);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Takes a name away; who has the memory keeps it. shm_unlink(3).</summary>
    /// <returns>False where there was none.</returns>
    public static bool RemoveNamed(string name)
    {
        SysResult removed = Files.UnlinkAt(null, PathOf(name));
        if (removed.Errno == Errno.ENOENT)
        {
            return false;
        }

        removed.OrThrow("remove shared memory", name);
        return true;
    }

    /// <summary>
    /// Forbids more for good. F_SEAL_FUTURE_WRITE leaves only those writable mappings that exist, such as this one; what nobody
    /// may write at all is made by <see cref="Freeze"/>. F_ADD_SEALS.
    /// </summary>
    /// <exception cref="KernelException">EPERM: F_SEAL_SEAL is set. EBUSY: F_SEAL_WRITE, and somebody can write.</exception>
    public void Seal(SealFlags seals)
    {
        CheckSeals(seals, nameof(seals));
        if (seals != SealFlags.None)
        {
            MemFds.AddSeals(file, seals).OrThrow("seal shared memory");
        }
    }

    /// <summary>
    /// From now on nobody can write it, this process neither, and nobody can undo that: whoever gets the descriptor can rely on
    /// the content. Spans that were taken before are no longer valid. What is frozen stays so.
    /// </summary>
    /// <exception cref="KernelException">
    /// EBUSY: another process, or a pin, has it mapped to write; nothing has changed. EPERM: F_SEAL_SEAL is set without F_SEAL_WRITE.
    /// </exception>
    public void Freeze()
    {
        const SealFlags Frozen = SealFlags.F_SEAL_WRITE | SealFlags.F_SEAL_SEAL;
        if ((Seals & Frozen) == Frozen)
        {
            return;
        }

        int length = Length;
        mapped.Dispose();
        SysResult sealing = MemFds.AddSeals(file, Frozen);
        mapped = Map(file, length, isReadOnly: IsReadOnly || sealing.Ok);
        IsReadOnly |= sealing.Ok;
        sealing.OrThrow("freeze shared memory");
    }

    /// <summary>Unmaps the memory and closes the descriptor; others keep it.</summary>
    public void Dispose()
    {
        mapped.Dispose();
        file.Dispose();
    }

    private static SysResult<MemoryFd> Make(string name, MemFdFlags flags)
    {
        SysResult<MemoryFd> made = MemFds.Create(name, flags | MemFdFlags.MFD_NOEXEC_SEAL);

        // Before Linux 6.3 nothing says that it is not to be executed.
        return made.Errno == Errno.EINVAL ? MemFds.Create(name, flags) : made;
    }

    // Of what nobody can change a private mapping is the same, and is allowed on every kernel.
    private static MappedMemory Map(FileDescriptor file, int length, bool isReadOnly) =>
        MappedMemory
            .Map(
                file,
                length,
                isReadOnly ? ProtectionFlags.PROT_READ : ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE,
                isReadOnly && (MemFds.GetSeals(file).Value & SealFlags.F_SEAL_WRITE) != 0
                    ? MapFlags.MAP_PRIVATE
                    : MapFlags.MAP_SHARED
            )
            .OrThrow("map shared memory")!;

    private static void CheckSeals(SealFlags seals, string name)
    {
        const SealFlags Known =
            SizeSeals
            | SealFlags.F_SEAL_SEAL
            | SealFlags.F_SEAL_WRITE
            | SealFlags.F_SEAL_FUTURE_WRITE
            | SealFlags.F_SEAL_EXEC;
        if ((seals & ~Known) != 0)
        {
            throw new ArgumentException($"{seals & ~Known} is no seal", name);
        }
    }

    private static void CheckAccess(FileAccess access)
    {
        if (access is not (FileAccess.Read or FileAccess.ReadWrite))
        {
            throw new ArgumentException("memory is mapped to read, or to read and write", nameof(access));
        }
    }

    private static string PathOf(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.AsSpan().ContainsAny('/', '\0') || name is "." or ".." || Encoding.UTF8.GetByteCount(name) > 250
            ? throw new ArgumentException($"'{name}' is no name of shared memory", nameof(name))
            : NamedFolder + name;
    }

    private MappedMemory Writable() =>
        IsReadOnly ? throw new InvalidOperationException("this memory can only be read") : mapped;
}
