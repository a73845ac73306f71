using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Users and groups. The kernel keeps them per thread: what is set here is the calling thread's alone, unlike the C
/// library's functions of the same names. credentials(7).
/// </summary>
public static class Credentials
{
    /// <summary>Leaves an id as it is.</summary>
    public const uint Unchanged = uint.MaxValue;

    /// <summary>Real, effective and saved user. getresuid(2).</summary>
    public static (uint Real, uint Effective, uint Saved) GetResUid()
    {
        Interop.getresuid(out uint real, out uint effective, out uint saved);
        return (real, effective, saved);
    }

    /// <summary>Real, effective and saved group. getresgid(2).</summary>
    public static (uint Real, uint Effective, uint Saved) GetResGid()
    {
        Interop.getresgid(out uint real, out uint effective, out uint saved);
        return (real, effective, saved);
    }

    /// <summary>The effective user. geteuid(2).</summary>
    public static uint GetEffectiveUid() => (uint)Interop.Call(Syscall.geteuid);

    /// <summary>The effective group. getegid(2).</summary>
    public static uint GetEffectiveGid() => (uint)Interop.Call(Syscall.getegid);

    /// <summary>Sets real, effective and saved user of the calling thread. setresuid(2).</summary>
    public static SysResult SetResUid(uint real, uint effective, uint saved) =>
        Interop.Result(Interop.Call(Syscall.setresuid, (nint)real, (nint)effective, (nint)saved));

    /// <summary>Sets real, effective and saved group of the calling thread. setresgid(2).</summary>
    public static SysResult SetResGid(uint real, uint effective, uint saved) =>
        Interop.Result(Interop.Call(Syscall.setresgid, (nint)real, (nint)effective, (nint)saved));

    /// <summary>
    /// Sets the user for files of the calling thread, until it sets the effective one or executes a program; the result is the one
    /// that it had. A value that it may not set changes nothing. setfsuid(2).
    /// </summary>
    public static uint SetFileSystemUid(uint user) => (uint)Interop.Call(Syscall.setfsuid, (nint)user);

    /// <summary>The same of the group. setfsgid(2).</summary>
    public static uint SetFileSystemGid(uint group) => (uint)Interop.Call(Syscall.setfsgid, (nint)group);

    /// <summary>Sets the further groups of the calling thread. setgroups(2); EPERM where setgroups is denied in the user namespace.</summary>
    public static SysResult SetGroups(ReadOnlySpan<uint> groups) => Interop.Result(Interop.setgroups(groups));

    /// <summary>The further groups. getgroups(2).</summary>
    public static SysResult<uint[]> GetGroups()
    {
        while (true)
        {
            nint count = Interop.getgroups(default);
            if (count <= 0)
            {
                return new([], Interop.ErrnoOf(count));
            }

            uint[] groups = new uint[count];
            nint raw = Interop.getgroups(groups);
            if (raw == count)
            {
                return new(groups, Errno.None);
            }

            if (raw < 0 && Interop.ErrnoOf(raw) != Errno.EINVAL)
            {
                return new([], Interop.ErrnoOf(raw));
            }
        }
    }
}
