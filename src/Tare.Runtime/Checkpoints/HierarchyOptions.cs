using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Checkpoints;

/// <summary>
/// The options of the machine's cgroup v2 (<c>nsdelegate</c>, <c>memory_recursiveprot</c>), which all its mounts share. CRIU
/// mounts it once more to look into it, without options, and so takes them away from everybody
/// (checkpoint-restore/criu#3029); what is missing afterwards is put back.
/// </summary>
internal sealed class HierarchyOptions
{
    // What stands among them and is none of cgroup v2's own.
    private static readonly string[] Others = ["rw", "ro", "seclabel"];

    private readonly MountEntry? before = Find();

    /// <summary>Sees which there are.</summary>
    /// <exception cref="KernelException">/proc is not mounted.</exception>
    public HierarchyOptions() { }

    /// <summary>Puts back those that are gone, as far as the kernel lets this process; takes none away.</summary>
    public void PutBack()
    {
        if (before is null || Find() is not { } after)
        {
            return;
        }

        string[] wanted = [.. OwnOf(before).Union(OwnOf(after))];
        if (wanted.All(after.SuperOptions.Split(',').Contains))
        {
            return;
        }

        SysResult<FileSystemContextFd> picked = Mounts.FsPick(null, after.MountPoint, FsPickFlags.FSPICK_CLOEXEC);
        if (!picked.Ok)
        {
            return;
        }

        using FileSystemContextFd context = picked.Value;
        foreach (string option in wanted)
        {
            Mounts.FsConfigFlag(context, option);
        }

        Mounts.FsConfigReconfigure(context);
    }

    private static IEnumerable<string> OwnOf(MountEntry mount) => mount.SuperOptions.Split(',').Except(Others);

    private static MountEntry? Find() =>
        MountInfo
            .Read()
            .OrThrow("read", "/proc/thread-self/mountinfo", "mount /proc")
            .FirstOrDefault(mount => mount.Type == "cgroup2");
}
