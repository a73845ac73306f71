using Tare.Linux.Abi;

namespace Tare.Linux;

public static partial class Mounts
{
    /// <summary>Begins to configure a new file system. fsopen(2), Linux 5.2. ENODEV: the kernel has no such type.</summary>
    public static SysResult<FileSystemContextFd> FsOpen(BytePath type)
    {
        nint raw = Interop.fsopen(type, FsOpenFlags.FSOPEN_CLOEXEC);
        return Context(raw);
    }

    /// <summary>Begins to reconfigure the file system of a mount. fspick(2), Linux 5.2.</summary>
    public static SysResult<FileSystemContextFd> FsPick(FileDescriptor? directory, BytePath path, FsPickFlags flags)
    {
        using Borrowed at = new(directory);
        nint raw = Interop.fspick(at.Number, path, flags | FsPickFlags.FSPICK_CLOEXEC);
        return Context(raw);
    }

    /// <summary>Sets a parameter that has no value. fsconfig(2), FSCONFIG_SET_FLAG.</summary>
    public static SysResult FsConfigFlag(FileSystemContextFd context, BytePath key) =>
        FsConfig(context, FsConfigCommand.FSCONFIG_SET_FLAG, key, BytePath.Empty);

    /// <summary>Sets a parameter. fsconfig(2), FSCONFIG_SET_STRING. At most 255 bytes.</summary>
    public static SysResult FsConfigString(FileSystemContextFd context, BytePath key, BytePath value) =>
        FsConfig(context, FsConfigCommand.FSCONFIG_SET_STRING, key, value);

    /// <summary>Sets a parameter to an open file: overlay layers, for one. fsconfig(2), FSCONFIG_SET_FD.</summary>
    public static SysResult FsConfigDescriptor(FileSystemContextFd context, BytePath key, FileDescriptor value)
    {
        using Borrowed descriptor = new(context);
        using Borrowed file = new(value);
        return Interop.Result(
            Interop.fsconfig(descriptor.Number, FsConfigCommand.FSCONFIG_SET_FD, key, BytePath.Empty, file.Number)
        );
    }

    /// <summary>Makes the file system that was configured. fsconfig(2), FSCONFIG_CMD_CREATE.</summary>
    public static SysResult FsConfigCreate(FileSystemContextFd context) =>
        FsConfig(context, FsConfigCommand.FSCONFIG_CMD_CREATE, BytePath.Empty, BytePath.Empty);

    /// <summary>Applies what was configured to the file system that was picked. fsconfig(2), FSCONFIG_CMD_RECONFIGURE.</summary>
    public static SysResult FsConfigReconfigure(FileSystemContextFd context) =>
        FsConfig(context, FsConfigCommand.FSCONFIG_CMD_RECONFIGURE, BytePath.Empty, BytePath.Empty);

    /// <summary>
    /// What the kernel has to say about the context: one message per call, beginning with <c>e</c>, <c>w</c> or <c>i</c>
    /// and a blank; ENODATA when there is none left. fsopen(2).
    /// </summary>
    public static SysResult<string> FsMessage(FileSystemContextFd context)
    {
        Span<byte> buffer = stackalloc byte[1024];
        SysResult<int> count = Files.Read(context, buffer);
        return count.Ok
            ? new(System.Text.Encoding.UTF8.GetString(buffer[..count.Value]).TrimEnd('\n'), Errno.None)
            : new("", count.Errno);
    }

    /// <summary>A mount of the file system that was made; attached nowhere yet. fsmount(2), Linux 5.2.</summary>
    public static SysResult<MountFd> FsMount(
        FileSystemContextFd context,
        MountAttributeFlags attributes = MountAttributeFlags.MOUNT_ATTR_RELATIME
    )
    {
        nint raw = FsMount(context, FsMountFlags.FSMOUNT_CLOEXEC, attributes);
        return raw < 0 ? Interop.Failed<MountFd>(raw) : new(new MountFd((int)raw), Errno.None);
    }

    /// <summary>
    /// A new mount namespace whose root is a mount of the file system that was made; nobody is in it. fsmount(2) with
    /// FSMOUNT_NAMESPACE, Linux 7.1: EINVAL before. EPERM: no CAP_SYS_ADMIN.
    /// </summary>
    public static SysResult<NamespaceFd> FsMountNamespace(
        FileSystemContextFd context,
        MountAttributeFlags attributes = MountAttributeFlags.MOUNT_ATTR_RELATIME
    )
    {
        nint raw = FsMount(context, FsMountFlags.FSMOUNT_CLOEXEC | FsMountFlags.FSMOUNT_NAMESPACE, attributes);
        return raw < 0 ? Interop.Failed<NamespaceFd>(raw) : new(new NamespaceFd((int)raw), Errno.None);
    }

    private static nint FsMount(FileSystemContextFd context, FsMountFlags flags, MountAttributeFlags attributes)
    {
        using Borrowed descriptor = new(context);
        return Interop.Call(Syscall.fsmount, descriptor.Number, (nint)(uint)flags, (nint)(uint)attributes);
    }

    private static SysResult FsConfig(
        FileSystemContextFd context,
        FsConfigCommand command,
        BytePath key,
        BytePath value
    )
    {
        using Borrowed descriptor = new(context);
        return Interop.Result(Interop.fsconfig(descriptor.Number, command, key, value, 0));
    }

    private static SysResult<FileSystemContextFd> Context(nint raw) =>
        raw < 0 ? Interop.Failed<FileSystemContextFd>(raw) : new(new FileSystemContextFd((int)raw), Errno.None);
}
