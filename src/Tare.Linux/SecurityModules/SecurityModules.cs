using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Security modules of the running kernel that confine processes by names: AppArmor's profiles, SELinux's contexts.</summary>
public static partial class SecurityModules
{
    /// <summary>The size of a struct lsm_ctx before its text, in bytes. linux/lsm.h.</summary>
    private const int HeaderSize = 32;

    /// <summary>
    /// A process can set its attributes by a call of its own, without procfs. lsm_set_self_attr(2), Linux 6.8.
    /// </summary>
    public static bool HasAttributeCalls =>
        Interop.ErrnoOf(Interop.Call(Syscall.lsm_list_modules)) is not (Errno.ENOSYS or Errno.EPERM);

    /// <summary>Processes can be put under AppArmor's profiles.</summary>
    public static bool HasAppArmor =>
        Files.ReadAllAt(null, "/sys/module/apparmor/parameters/enabled") is { Ok: true, Value: [(byte)'Y', ..] };

    /// <summary>Processes have SELinux's contexts, and a policy says which.</summary>
    public static bool HasSelinux
    {
        get
        {
            SysResult<FileFd> opened = Files.OpenAt(null, "/sys/fs/selinux", OpenFlags.O_PATH);
            if (!opened.Ok)
            {
                return false;
            }

            using FileFd folder = opened.Value;
            return Files.FStatFs(folder) is { Ok: true, Value.Type: FileSystemMagic.SELINUX_MAGIC };
        }
    }

    /// <summary>
    /// Asks AppArmor whether this thread may change to a profile, without doing so. ENOENT: there is none of that name;
    /// EACCES: the thread is confined and may not. apparmor(7), <c>permprofile</c>.
    /// </summary>
    public static SysResult TestProfile(string profile)
    {
        byte[] question = System.Text.Encoding.UTF8.GetBytes($"permprofile {profile}");
        SysResult result = Files.WriteValueAt(null, "/proc/thread-self/attr/apparmor/current", question);

        // Linux before 5.8 has no directory for each module.
        return result.Errno == Errno.ENOENT && !HasOwnDirectory
            ? Files.WriteValueAt(null, "/proc/thread-self/attr/current", question)
            : result;
    }

    /// <summary>Asks SELinux whether its policy knows a context. EINVAL: it does not. selinux(8), /sys/fs/selinux/context.</summary>
    public static SysResult TestContext(string context) =>
        Files.WriteValueAt(null, "/sys/fs/selinux/context", System.Text.Encoding.UTF8.GetBytes($"{context}\0"));

    /// <summary>The struct lsm_ctx that lsm_set_self_attr(2) takes.</summary>
    public static byte[] Context(LsmId module, ReadOnlySpan<byte> text)
    {
        byte[] context = new byte[(HeaderSize + text.Length + 7) & ~7];
        BinaryPrimitives.WriteUInt64LittleEndian(context, (ulong)module);
        BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(16), (ulong)context.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(24), (ulong)text.Length);
        text.CopyTo(context.AsSpan(HeaderSize));
        return context;
    }

    private static bool HasOwnDirectory =>
        Files.FAccessAt2(null, "/proc/thread-self/attr/apparmor", AccessModes.F_OK).Ok;
}
