using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// The mounts of the specification, in its order. A file system is mounted on the working directory, which is the opened
/// destination; a bind mount was picked out of the host's tree before the root changed and is moved onto the opened
/// destination. No path is resolved twice.
/// </summary>
internal static class MountSteps
{
    private const string Group = "mounts";
    private static readonly ContainerPath Proc = ContainerPath.Root.Child("proc");
    private static readonly ContainerPath Sys = ContainerPath.Root.Child("sys");
    private static readonly ContainerPath Dev = ContainerPath.Root.Child("dev");

    /// <summary>
    /// Writes one mount. <paramref name="source"/> is what was taken along from the host, or made early, for it.
    /// </summary>
    public static void Write(PlanState state, ValidatedMount mount, Slot? source)
    {
        state.Plan.Group(Group);
        switch (mount.Kind)
        {
            case MountKind.Bind:
                Bind(state, mount, source!);
                break;
            case MountKind.Remount:
                Remount(state, mount);
                break;
            case MountKind.Cgroup:
                CgroupMountSteps.Write(state, mount, source);
                break;
            case MountKind.FileSystem when mount.IsOfHost:
                Place(state, mount, source!);
                break;
            default:
                MountFileSystem(state, mount, source);
                break;
        }
    }

    /// <summary>Changes attributes and propagation of the mount that a descriptor is the root of.</summary>
    public static void SetAttributes(
        PlanState state,
        Slot mount,
        string words,
        MountAttributeFlags set,
        MountAttributeFlags clear,
        MountFlags propagation,
        bool deep
    )
    {
        MountAttribute attribute = new()
        {
            Set = set,
            Clear = clear,
            Propagation = propagation,
        };
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<MountAttribute>(in attribute));
        state.Plan.Call(
            words,
            Syscall.mount_setattr,
            mount,
            "",
            Argument.Flags(deep ? AtFlags.AT_EMPTY_PATH | AtFlags.AT_RECURSIVE : AtFlags.AT_EMPTY_PATH),
            Argument.Struct(bytes),
            bytes.Length
        );
    }

    /// <summary>
    /// Mounts one of the kernel's file systems on an opened directory. Where more is done to the mount afterwards than
    /// mount(2) does, it is made apart and its slot given: whatever its place leads to by then, this is the mount. It may
    /// have been made already.
    /// </summary>
    public static Slot? MountKernels(
        PlanState state,
        ValidatedMount mount,
        Slot directory,
        bool apart = false,
        Slot? made = null
    )
    {
        string words = $"mount {mount.Type} on '{mount.Destination}'";
        MountOptions options = mount.Options;
        if (made is null && !apart && options is { RecursiveSet: 0, RecursiveClear: 0, Propagation.IsEmpty: true })
        {
            MountOn(
                state,
                directory,
                words,
                mount.Source,
                mount.Type,
                options.Flags,
                LabelSteps.AddContext(options.Data, mount.Label)
            );
            return null;
        }

        made ??= FileSystemSteps.Make(state, mount);
        LabelSteps.LabelMade(state, mount, made);
        if (mount.CopiesUp)
        {
            CopyUpSteps.Write(state, mount, directory, made);
        }

        ApplyMore(state, mount, made);
        Attach(state, made, directory, words);
        return made;
    }

    /// <summary>Does what mount(2) cannot say in one call: attributes of everything below, propagation.</summary>
    public static void ApplyMore(PlanState state, ValidatedMount mount, Slot top)
    {
        MountOptions options = mount.Options;
        if (options.RecursiveSet != 0 || options.RecursiveClear != 0)
        {
            SetAttributes(
                state,
                top,
                $"set the attributes of everything in '{mount.Destination}'",
                options.RecursiveSet,
                options.RecursiveClear,
                MountFlags.None,
                deep: true
            );
        }

        foreach (MountFlags kind in options.Propagation)
        {
            SetAttributes(
                state,
                top,
                $"set the propagation of '{mount.Destination}'",
                0,
                0,
                kind & ~MountFlags.MS_REC,
                (kind & MountFlags.MS_REC) != 0
            );
        }
    }

    /// <summary>Moves a mount that is attached nowhere onto what a descriptor is.</summary>
    public static void Attach(PlanState state, Slot mount, Slot target, string words) =>
        state.Plan.Call(
            words,
            Syscall.move_mount,
            mount,
            "",
            target,
            "",
            Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags.MOVE_MOUNT_T_EMPTY_PATH)
        );

    /// <summary>Mounts a file system on an opened directory.</summary>
    public static void MountOn(
        PlanState state,
        Slot directory,
        string words,
        string source,
        string type,
        MountFlags flags,
        string data
    )
    {
        state.Plan.Call(words, Syscall.fchdir, directory);
        state.Plan.Call(
            words,
            Syscall.mount,
            source,
            ".",
            type,
            Argument.Flags(flags),
            data.Length == 0 ? Argument.Null : data
        );
    }

    // What lies on something of the host's has been mounted there and only gets its place.
    private static void Place(PlanState state, ValidatedMount mount, Slot source)
    {
        ContainerPath path = mount.Destination;
        Slot directory = Destinations.Directory(state, path);
        ApplyMore(state, mount, source);
        Attach(state, source, directory, $"mount {mount.Type} on '{path}'");
        state.Place(new PlacedMount(path, MountContents.Foreign, null));
    }

    private static void MountFileSystem(PlanState state, ValidatedMount mount, Slot? made)
    {
        ContainerPath path = mount.Destination;
        bool plain = path == Proc || path == Sys || path == Dev;
        Slot directory = plain ? Destinations.PlainDirectory(state, path) : Destinations.Directory(state, path);
        bool defers = mount.IsTmpfs && (IsReadOnly(mount) || IsReadOnlyBelow(mount));
        Slot? top = MountKernels(
            state,
            defers ? Writable(mount) : mount,
            directory,
            apart: defers || mount.CopiesUp || LabelSteps.IsLabelledAfterwards(mount),
            made
        );
        if (mount.IsProc && path == Proc)
        {
            top ??= OpenTop(state, path);
            Checks.IsProcRoot(state, top);
            state.Proc = top;
        }
        else if (top is null && mount.IsTmpfs && path == Dev)
        {
            top = OpenTop(state, path);
            Checks.IsMountRoot(state, top, path.ToString());
            Checks.IsOn(state, top, FileSystemMagic.TMPFS_MAGIC, $"make sure that '{path}' is a tmpfs");
        }

        if (defers)
        {
            state.Deferred.Add(new DeferredReadOnly(path, top!, IsReadOnlyBelow(mount)));
        }

        MountContents contents =
            mount is { IsTmpfs: true, CopiesUp: false } && top is not null ? MountContents.Fresh
            : IsKernels(mount.Type) ? MountContents.Kernel
            : MountContents.Foreign;
        state.Place(new PlacedMount(path, contents, top));
    }

    // What everything else is reached through: the name is in the root itself and no symlink, and what it leads to is
    // looked at.
    private static Slot OpenTop(PlanState state, ContainerPath path)
    {
        Slot top = state.Plan.NewSlot($"the mount on {path}");
        state.Open(top, $"open the mount on '{path}'", state.Root, path.Relative, How.PlainDirectory);
        return top;
    }

    private static bool IsReadOnly(ValidatedMount mount) => mount.Options.IsReadOnly;

    private static bool IsReadOnlyBelow(ValidatedMount mount) =>
        (mount.Options.RecursiveSet & MountAttributeFlags.MOUNT_ATTR_RDONLY) != 0;

    // What is mounted or created inside a tmpfs comes first, then it becomes read-only.
    private static ValidatedMount Writable(ValidatedMount mount) =>
        mount with
        {
            Options = mount.Options with
            {
                Flags = mount.Options.Flags & ~MountFlags.MS_RDONLY,
                RecursiveSet = mount.Options.RecursiveSet & ~MountAttributeFlags.MOUNT_ATTR_RDONLY,
            },
        };

    private static void Bind(PlanState state, ValidatedMount mount, Slot source)
    {
        ContainerPath path = mount.Destination;
        bool overProc = path == Proc;
        bool insideProc = path.IsAtOrBelow(Proc);
        if (overProc)
        {
            Checks.IsProcRoot(state, source);
        }

        Slot target = mount.Options.CoversSymlink
            ? Destinations.Itself(state, path, check: !insideProc)
            : Destinations.Like(state, path, source, check: !insideProc);
        (MountAttributeFlags set, MountAttributeFlags clear) = MountAttributes.Of(
            mount.Options.Flags,
            mount.Options.Cleared
        );
        if (set != 0 || clear != 0)
        {
            SetAttributes(state, source, $"set the attributes of '{path}'", set, clear, MountFlags.None, deep: false);
        }

        ApplyMore(state, mount, source);
        Attach(state, source, target, $"bind '{mount.Source}' on '{path}'");
        if (overProc)
        {
            state.Proc = source;
        }

        state.Place(new PlacedMount(path, MountContents.Foreign, null));
    }

    private static void Remount(PlanState state, ValidatedMount mount)
    {
        ContainerPath path = mount.Destination;
        Slot top = state.Plan.NewSlot(path.ToString());
        state.Open(top, $"open '{path}'", state.Root, path.Relative, How.Any);
        Checks.IsMountRoot(state, top, path.ToString());
        if (mount.Options.IsBind)
        {
            (MountAttributeFlags set, MountAttributeFlags clear) = MountAttributes.Of(
                mount.Options.Flags,
                mount.Options.Cleared
            );
            SetAttributes(state, top, $"change the mount on '{path}'", set, clear, MountFlags.None, deep: false);
        }
        else
        {
            MountOn(
                state,
                top,
                $"change the mount on '{path}'",
                mount.Source,
                mount.Type,
                mount.Options.Flags,
                mount.Options.Data
            );
        }

        ApplyMore(state, mount, top);
    }

    private static bool IsKernels(string type) =>
        type is "proc" or "sysfs" or "devpts" or "mqueue" or "cgroup" or "cgroup2" or "securityfs" or "bpf";
}
