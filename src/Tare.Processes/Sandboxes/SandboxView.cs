using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// The files of a sandbox with a mount namespace of its own: an empty root, in which what is named is bound, a procfs and a
/// /dev of its own, and an empty /tmp. Trees are opened before anything is hidden, and put in place by their descriptors.
/// mount_namespaces(7).
/// </summary>
/// <param name="Places">What is bound, each after those that it lies in.</param>
/// <param name="Links">Symbolic links: path → target.</param>
/// <param name="TemporarySize">Bytes of /tmp.</param>
/// <param name="NewNetwork">There is a network namespace, whose loopback interface is to work.</param>
internal sealed record SandboxView(
    ImmutableArray<SandboxPlace> Places,
    ImmutableArray<(string Path, string Target)> Links,
    long TemporarySize,
    bool NewNetwork
)
{
    private const int AttributeSize = 32; // MOUNT_ATTR_SIZE_VER0
    private const int DirectoryMode = 0x1ED;

    // Devices can be written to all the same; but their owner and permissions, which are the machine's, stay.
    private const MountAttributeFlags DeviceAttributes =
        MountAttributeFlags.MOUNT_ATTR_RDONLY
        | MountAttributeFlags.MOUNT_ATTR_NOSUID
        | MountAttributeFlags.MOUNT_ATTR_NOEXEC;

    private static readonly string[] Devices = ["null", "zero", "full", "random", "urandom"];

    private static readonly (string Name, string Target)[] DeviceLinks =
    [
        ("dev/fd", "/proc/self/fd"),
        ("dev/stdin", "/proc/self/fd/0"),
        ("dev/stdout", "/proc/self/fd/1"),
        ("dev/stderr", "/proc/self/fd/2"),
    ];

    /// <summary>Writes the steps; the working directory is the new root afterwards.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="input">Hands a descriptor over.</param>
    public void Write(LaunchPlanBuilder plan, Func<string, FileDescriptor, Slot> input)
    {
        plan.Group(nameof(ProcessStartOptions.Namespaces));
        plan.Call(
            "make all mounts private",
            Syscall.mount,
            Argument.Null,
            "/",
            Argument.Null,
            Argument.Flags(MountFlags.MS_REC | MountFlags.MS_PRIVATE),
            Argument.Null
        );
        Slot proc = MakeProc(plan);
        List<(string Path, Slot Tree)> trees = [];
        foreach (SandboxPlace place in Places)
        {
            trees.Add(
                (
                    place.Path,
                    place.Tree is { } tree
                        ? input($"'{place.Path}'", tree)
                        : OpenTree(plan, place.Path, place.Attributes)
                )
            );
        }

        foreach (string device in Devices)
        {
            trees.Add(($"/dev/{device}", OpenTree(plan, $"/dev/{device}", DeviceAttributes)));
        }

        MountTmpfs(plan, "/proc", "mode=0755,size=1m,nr_inodes=4096");
        plan.Call("enter the sandbox's root", Syscall.chdir, "/proc");
        HashSet<string> made = [];
        foreach (string directory in (ReadOnlySpan<string>)["/proc", "/tmp", "/dev", "/dev/shm"])
        {
            MakeDirectories(plan, made, directory);
        }

        string size = string.Create(CultureInfo.InvariantCulture, $"mode=1777,size={TemporarySize},nr_inodes=65536");
        MountTmpfs(plan, "tmp", size);
        MountTmpfs(plan, "dev/shm", size);
        MakeTree(plan, made);
        Attach(plan, proc, "proc");
        foreach ((string path, Slot tree) in trees)
        {
            Attach(plan, tree, path[1..]);
        }

        ChangeRoot(plan);
        if (NewNetwork)
        {
            NetworkCalls.RaiseLoopback(plan);
        }

        plan.Call("set the hostname", Syscall.sethostname, "sandbox", 7);
    }

    /// <summary>Adds what the sandbox has of its own to a Landlock ruleset, whose other rules are about the machine's files.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="ruleset">The ruleset.</param>
    /// <param name="handled">What the ruleset is about.</param>
    public static void AllowOwn(LaunchPlanBuilder plan, Argument ruleset, LandlockAccessFs handled)
    {
        // Names in the root can be listed; what lies below it is the machine's, and its own rules say who reads it.
        LandlockCalls.Allow(plan, ruleset, "/", LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_DIR & handled);
        LandlockCalls.Allow(plan, ruleset, "/proc", LandlockAccess.Read & handled);
        LandlockCalls.Allow(plan, ruleset, "/dev", LandlockAccess.Read & handled);
        LandlockCalls.Allow(plan, ruleset, "/tmp", (LandlockAccess.Change | LandlockAccess.Execute) & handled);
        LandlockCalls.Allow(plan, ruleset, "/dev/shm", LandlockAccess.Change & handled);
    }

    // procfs of the new PID namespace; in a user namespace it can be mounted while the machine's own is still in sight.
    // Read-only: user 0 could set what the whole machine has in /proc/sys, without any capability.
    private static Slot MakeProc(LaunchPlanBuilder plan) =>
        MountCalls.MakeProc(
            plan,
            "mount proc on '/proc'",
            "the procfs",
            MountAttributeFlags.MOUNT_ATTR_RDONLY
                | MountAttributeFlags.MOUNT_ATTR_NOSUID
                | MountAttributeFlags.MOUNT_ATTR_NODEV
                | MountAttributeFlags.MOUNT_ATTR_NOEXEC
        );

    private static Slot OpenTree(LaunchPlanBuilder plan, string path, MountAttributeFlags attributes)
    {
        Slot tree = plan.NewSlot($"'{path}'");
        plan.CallInto(
            tree,
            $"open '{path}' for the sandbox",
            Syscall.open_tree,
            Argument.WorkingDirectory,
            path,
            Argument.Flags(OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC | OpenTreeFlags.AT_RECURSIVE)
        );
        plan.Call(
            $"restrict '{path}' in the sandbox",
            Syscall.mount_setattr,
            tree,
            "",
            Argument.Flags(AtFlags.AT_EMPTY_PATH | AtFlags.AT_RECURSIVE),
            Argument.Struct(MemoryMarshal.AsBytes<MountAttribute>([new MountAttribute { Set = attributes }])),
            AttributeSize
        );
        return tree;
    }

    // Directories and files to mount on, and links; everything lies in the empty tmpfs that nobody else sees.
    private void MakeTree(LaunchPlanBuilder plan, HashSet<string> made)
    {
        foreach (string device in Devices)
        {
            MakeFile(plan, $"dev/{device}");
        }

        foreach (SandboxPlace place in Places)
        {
            // What lies in another place is there already.
            if (Places.Any(other => other.Path != place.Path && IsBelow(place.Path, other.Path)))
            {
                continue;
            }

            MakeDirectories(plan, made, place.IsDirectory ? place.Path : Above(place.Path));
            if (!place.IsDirectory)
            {
                MakeFile(plan, place.Path[1..]);
            }
        }

        foreach ((string path, string target) in Links)
        {
            MakeDirectories(plan, made, Above(path));
            plan.Call($"make the link '{path}'", Syscall.symlinkat, target, Argument.WorkingDirectory, path[1..]);
        }

        foreach ((string name, string target) in DeviceLinks)
        {
            plan.Call($"make the link '/{name}'", Syscall.symlinkat, target, Argument.WorkingDirectory, name);
        }
    }

    private static void ChangeRoot(LaunchPlanBuilder plan)
    {
        plan.Call("change the root", Syscall.pivot_root, ".", ".");
        plan.Call("let go of the machine's root", Syscall.umount2, ".", Argument.Flags(UnmountFlags.MNT_DETACH));
        plan.Call("enter the root", Syscall.chdir, "/");
        plan.Call(
            "make the root read-only",
            Syscall.mount_setattr,
            Argument.WorkingDirectory,
            "/",
            0,
            Argument.Struct(
                MemoryMarshal.AsBytes<MountAttribute>([
                    new MountAttribute { Set = MountAttributeFlags.MOUNT_ATTR_RDONLY },
                ])
            ),
            AttributeSize
        );
    }

    private static void MountTmpfs(LaunchPlanBuilder plan, string path, string options) =>
        plan.Call(
            $"mount tmpfs on '{path}'",
            Syscall.mount,
            "tmpfs",
            path,
            "tmpfs",
            Argument.Flags(MountFlags.MS_NOSUID | MountFlags.MS_NODEV),
            options
        );

    private static void Attach(LaunchPlanBuilder plan, Slot tree, string path) =>
        plan.Call(
            $"mount '/{path}'",
            Syscall.move_mount,
            tree,
            "",
            Argument.WorkingDirectory,
            path,
            Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH)
        );

    private static void MakeDirectories(LaunchPlanBuilder plan, HashSet<string> made, string path)
    {
        for (int end = 1; end < path.Length; )
        {
            int next = path.IndexOf('/', end + 1);
            end = next < 0 ? path.Length : next;
            if (made.Add(path[..end]))
            {
                plan.Call(
                    $"make the directory '{path[..end]}'",
                    Syscall.mkdirat,
                    Argument.WorkingDirectory,
                    path[1..end],
                    Argument.Number(DirectoryMode, ArgumentFormat.Octal)
                );
            }
        }
    }

    private static void MakeFile(LaunchPlanBuilder plan, string path) =>
        plan.Call(
            $"make the file '/{path}'",
            Syscall.mknodat,
            Argument.WorkingDirectory,
            path,
            Argument.Number((uint)FileModes.S_IFREG | 0x124, ArgumentFormat.Octal),
            Argument.Null
        );

    private static string Above(string path) =>
        path[..Math.Max(path.LastIndexOf('/'), 0)] is { Length: > 0 } above ? above : "/";

    private static bool IsBelow(string path, string other) => path.StartsWith(other + "/", StringComparison.Ordinal);
}

/// <summary>A part of the machine's tree that a sandbox has.</summary>
/// <param name="Path">Absolute, without symbolic links.</param>
/// <param name="IsDirectory">It is a directory.</param>
/// <param name="Writable">It can be changed.</param>
internal sealed record SandboxPlace(string Path, bool IsDirectory, bool Writable)
{
    /// <summary>The options name it; it is not one of the system's.</summary>
    public bool Named { get; init; }

    /// <summary>A copy of its tree that is mounted in its place; null where the sandbox copies it itself. Not owned.</summary>
    public MountFd? Tree { get; init; }

    /// <summary>How its mount is restricted.</summary>
    public MountAttributeFlags Attributes =>
        MountAttributeFlags.MOUNT_ATTR_NOSUID
        | MountAttributeFlags.MOUNT_ATTR_NODEV
        | (Writable ? 0 : MountAttributeFlags.MOUNT_ATTR_RDONLY);
}
