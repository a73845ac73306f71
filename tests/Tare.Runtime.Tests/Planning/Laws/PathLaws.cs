using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning.Laws;

/// <summary>
/// What a plan may do with paths once the container's root is the root, and everything that a path could lead through may
/// have been laid out by an image or by a process of the container.
/// </summary>
/// <remarks>
/// The only absolute paths are those of execve, which the program's own search asks for, and of the look for the program
/// before, which opens nothing and follows no magic link. (The texts of symlinks are not
/// paths that anything resolves, nor is the word that a file system of the kernel's has as its source.)
/// </remarks>
internal static class PathLaws
{
    public static void Check(LaunchPlan plan)
    {
        for (int i = RootAt(plan) + 1; i < plan.Steps.Length; i++)
        {
            if (plan.Steps[i] is CallStep call)
            {
                if (call.Words.StartsWith(ProgramSteps.LookWords, StringComparison.Ordinal))
                {
                    (OpenFlags flags, ResolveFlags resolve) = HowOf(call);
                    Assert.Equal(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC, flags);
                    Assert.Equal(ResolveFlags.RESOLVE_NO_MAGICLINKS, resolve);
                    continue;
                }

                foreach ((Argument? directory, Argument path) in Paths(call))
                {
                    CheckPath(plan, i, call, directory, path.AsText());
                }

                CheckOpen(plan, i, call);
                CheckMount(plan, i, call);
            }
        }
    }

    /// <summary>The step after which the container's root is the root.</summary>
    public static int RootAt(LaunchPlan plan)
    {
        int[] changes =
        [
            .. plan.Calls(Syscall.pivot_root).Where(i => plan.Call(i).Arguments[0].AsText() == "." && IsLast(plan, i)),
            .. plan.Calls(Syscall.chroot),
        ];

        // Who joins a mount namespace has its root, unless the container's is another.
        return Assert.Single(
            changes.Length > 0 ? changes : [.. plan.Calls(Syscall.setns).Where(i => JoinsMounts(plan.Call(i)))]
        );
    }

    // pivot_root(".", ".") is the one that hands the root over; a view of the machine changes its root once before.
    private static bool IsLast(LaunchPlan plan, int index) => plan.Call(index).Arguments[1].AsText() == ".";

    private static bool JoinsMounts(CallStep call) => (call.Arguments[1].Value & (long)CloneFlags.CLONE_NEWNS) != 0;

    // The paths of a call: what each is relative to (null is the working directory), and the path.
    private static IEnumerable<(Argument? Directory, Argument Path)> Paths(CallStep call)
    {
        System.Collections.Immutable.ImmutableArray<Argument> a = call.Arguments;
        return call.Call switch
        {
            Syscall.openat
            or Syscall.openat2
            or Syscall.mkdirat
            or Syscall.mknodat
            or Syscall.unlinkat
            or Syscall.fchownat
            or Syscall.fchmodat
            or Syscall.statx
            or Syscall.readlinkat
            or Syscall.open_tree
            or Syscall.mount_setattr => [(a[0], a[1])],
            Syscall.symlinkat => [(a[1], a[2])],
            Syscall.move_mount => [(a[0], a[1]), (a[2], a[3])],
            Syscall.mount => [(null, a[1])],
            Syscall.umount2 or Syscall.chdir or Syscall.chroot or Syscall.setxattr => [(null, a[0])],
            Syscall.pivot_root => [(null, a[0]), (null, a[1])],

            // These have no paths, or (execve) one that is the program's.
            Syscall.execve
            or Syscall.execveat
            or Syscall.fsopen
            or Syscall.fsconfig
            or Syscall.fsmount
            or Syscall.sethostname
            or Syscall.setdomainname
            or Syscall.write
            or Syscall.keyctl => [],
            _ => call.Arguments.Any(argument => argument.IsText)
                ? throw new InvalidOperationException($"the law does not know which texts of {call.Call} are paths")
                : [],
        };
    }

    private static void CheckPath(LaunchPlan plan, int index, CallStep call, Argument? directory, string? path)
    {
        Assert.True(path is not null, At(plan, index, "the path is no text"));
        Assert.False(path.StartsWith('/'), At(plan, index, "the path is absolute"));
        Assert.False(path.Split('/').Contains(".."), At(plan, index, "the path goes up"));
        if (directory is null || directory.Value.Kind != ArgumentKind.Slot)
        {
            // One name at most in the directory that the step before entered.
            Assert.False(path.Contains('/', StringComparison.Ordinal), At(plan, index, "the path has several parts"));
        }
        else if (path.Length > 0 && call.Call != Syscall.openat2)
        {
            // Only openat2 walks; whatever is made is made by its name in a directory that has been opened.
            Assert.False(path.Contains('/', StringComparison.Ordinal), At(plan, index, "the path has several parts"));
        }
    }

    private static void CheckOpen(LaunchPlan plan, int index, CallStep call)
    {
        if (call.Call == Syscall.openat)
        {
            OpenFlags flags = (OpenFlags)call.Arguments[2].Value;
            Assert.True((flags & OpenFlags.O_PATH) != 0, At(plan, index, "the file is opened before it is looked at"));
            Assert.True((flags & OpenFlags.O_CLOEXEC) != 0, At(plan, index, "the descriptor would be inherited"));
            bool entered = call.Arguments[1].AsText() == ".";
            Assert.True(entered || (flags & OpenFlags.O_NOFOLLOW) != 0, At(plan, index, "a symlink is followed"));
        }
        else if (call.Call == Syscall.openat2)
        {
            (OpenFlags flags, ResolveFlags resolve) = HowOf(call);
            Assert.True((flags & OpenFlags.O_CLOEXEC) != 0, At(plan, index, "the descriptor would be inherited"));
            Assert.True(
                (resolve & (ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_BENEATH)) != 0,
                At(plan, index, "the path could lead out of its directory")
            );
            Assert.True(
                (resolve & (ResolveFlags.RESOLVE_NO_MAGICLINKS | ResolveFlags.RESOLVE_NO_SYMLINKS)) != 0,
                At(plan, index, "a magic link of procfs could lead anywhere")
            );
            if ((flags & OpenFlags.O_PATH) == 0)
            {
                CheckContents(plan, index, call, resolve);
            }
        }
    }

    // What is opened for more than to look at it lies in a file system of the kernel's that has been made sure of, and
    // nothing is mounted on the way.
    private static void CheckContents(LaunchPlan plan, int index, CallStep call, ResolveFlags resolve)
    {
        const ResolveFlags Strict =
            ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV;
        Assert.True(
            (resolve & Strict) == Strict,
            At(plan, index, "a file is opened through what may be a link or mount")
        );
        Slot directory = call.Arguments[0].Slot!;
        bool made = plan.Calls(Syscall.fsmount).Any(i => i < index && plan.Call(i).Result == directory);
        bool verified = plan.Calls(Syscall.fstatfs)
            .Any(i =>
                i < index
                && plan.Call(i).Arguments[0].Slot == directory
                && plan.Steps[i + 1]
                    is CheckStep
                    {
                        Otherwise: null,
                        MustDiffer: false,
                        Expected: (ulong)FileSystemMagic.PROC_SUPER_MAGIC or (ulong)FileSystemMagic.DEVPTS_SUPER_MAGIC
                    }
            );
        Assert.True(made || verified, At(plan, index, "a file is opened in a file system that nobody has looked at"));
    }

    private static void CheckMount(LaunchPlan plan, int index, CallStep call)
    {
        if (call.Call == Syscall.mount)
        {
            MountFlags flags = (MountFlags)call.Arguments[3].Value;
            bool changes = (flags & MountFlags.MS_REMOUNT) != 0;
            Assert.True(
                changes || KernelFileSystems.Contains(call.Arguments[2].AsText() ?? ""),
                At(plan, index, "the source would be looked up in the container")
            );
            Assert.True(
                plan.Steps[index - 1] is CallStep { Call: Syscall.fchdir } || call.Arguments[1].AsText() != ".",
                At(plan, index, "nobody knows where this mounts")
            );
        }
        else if (call.Call == Syscall.move_mount)
        {
            MoveMountFlags flags = (MoveMountFlags)call.Arguments[4].Value;
            Assert.True(
                (flags & ~(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags.MOVE_MOUNT_T_EMPTY_PATH)) == 0,
                At(plan, index, "a symlink is followed")
            );
            Assert.Equal("", call.Arguments[1].AsText());
        }
        else if (call.Call is Syscall.open_tree or Syscall.mount_setattr)
        {
            Assert.Equal("", call.Arguments[1].AsText());
        }
    }

    public static (OpenFlags Flags, ResolveFlags Resolve) HowOf(CallStep call)
    {
        ReadOnlySpan<byte> how = call.Arguments[2].Blob.Span;
        return ((OpenFlags)BitConverter.ToUInt64(how), (ResolveFlags)BitConverter.ToUInt64(how[16..]));
    }

    private static string At(LaunchPlan plan, int index, string what) =>
        $"step {index + 1}, '{plan.Steps[index].Words}': {what}";
}
