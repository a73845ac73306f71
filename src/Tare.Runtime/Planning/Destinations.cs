using System.Collections.Immutable;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Steps that open a place inside the container's root, making it where it is missing. The root has been changed already,
/// so nothing resolves outside of it; every name that somebody else may have made is opened first and looked at before
/// anything is done with it.
/// </summary>
internal static class Destinations
{
    private const uint DirectoryMode = 0x1ED; // 0755
    private const uint FileMode = 0x1A4; // 0644

    private static readonly ContainerPath Proc = ContainerPath.Root.Child("proc");

    private const OpenFlags LookNoFollow = OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;

    /// <summary>A directory that symlinks may lead to.</summary>
    public static Slot Directory(PlanState state, ContainerPath path) =>
        Open(state, path, How.Directory, How.DirectoryNoFollow, null, check: true);

    /// <summary>A directory that symlinks may lead to, wherever that is.</summary>
    public static Slot WorkingDirectory(PlanState state, ContainerPath path) =>
        Open(state, path, How.Directory, How.DirectoryNoFollow, null, check: false);

    /// <summary>A directory that no symlink leads to.</summary>
    public static Slot PlainDirectory(PlanState state, ContainerPath path) =>
        Open(state, path, How.PlainDirectory, How.PlainDirectory, null, check: false);

    /// <summary>A file or directory; where it is missing, it is made as what <paramref name="source"/> is.</summary>
    public static Slot Like(PlanState state, ContainerPath path, Slot source, bool check) =>
        Open(state, path, How.Any, How.AnyNoFollow, source, check);

    /// <summary>What is there, and where that is a symlink, the symlink.</summary>
    public static Slot Itself(PlanState state, ContainerPath path, bool check)
    {
        Slot target = state.Plan.NewSlot(path.ToString());
        bool isInProc = state.Proc is not null && path.IsAtOrBelow(Proc);
        state.Open(
            target,
            $"open '{path}'",
            isInProc ? state.Proc! : state.Root,
            isInProc ? path.RelativeTo(Proc) : path.Relative,
            How.AnyNoFollow
        );
        if (check)
        {
            Checks.IsNotInProc(state, target, path.ToString());
        }

        return target;
    }

    private static Slot Open(
        PlanState state,
        ContainerPath path,
        Argument how,
        Argument howMade,
        Slot? source,
        bool check
    )
    {
        if (path.IsRoot)
        {
            return state.Root;
        }

        PlacedMount? mount = state.MountOf(path);
        Slot target = state.Plan.NewSlot(path.ToString());
        if (mount is { Contents: MountContents.Fresh, Directory: { } directory } && path != mount.Path)
        {
            OpenInFresh(state, target, path, mount, directory, source);
            return target;
        }

        if (state.Proc is { } proc && path.IsAtOrBelow(Proc))
        {
            // The one that has been verified, whatever has become of its name.
            state.Open(target, $"open '{path}'", proc, path.RelativeTo(Proc), how);
            return target;
        }

        if (mount is { Contents: MountContents.Kernel })
        {
            state.Open(target, $"open '{path}'", state.Root, path.Relative, how);
            return target;
        }

        LaunchPlanBuilder plan = state.Plan;
        Label missing = plan.NewLabel($"'{path}' is missing");
        Label there = plan.NewLabel($"'{path}' is there");
        plan.Add(
            new CallStep($"open '{path}'", Syscall.openat2, [state.Root, path.Relative, how, How.Size])
            {
                Result = target,
                Branches = [new Branch(Errno.ENOENT, missing)],
            }
        );
        plan.Add(new JumpStep($"'{path}' is there", there));
        plan.Place(missing);
        Slot parent = Parents(state, path);
        Make(state, parent, path, source);
        state.Open(target, $"open '{path}'", state.Root, path.Relative, howMade);
        plan.Place(there);
        if (check)
        {
            Checks.IsNotInProc(state, target, path.ToString());
        }

        return target;
    }

    // Each directory on the way, made where it is missing; the one that holds the last name is given.
    private static Slot Parents(PlanState state, ContainerPath path)
    {
        Slot parent = state.Root;
        ContainerPath prefix = ContainerPath.Root;
        foreach (string name in path.Parent.Parts)
        {
            prefix = prefix.Child(name);
            MakeDirectory(state, parent, name, prefix);
            parent = state.Plan.NewSlot(prefix.ToString());
            state.Open(parent, $"open '{prefix}'", state.Root, prefix.Relative, How.Directory);
        }

        return parent;
    }

    private static void OpenInFresh(
        PlanState state,
        Slot target,
        ContainerPath path,
        PlacedMount mount,
        Slot directory,
        Slot? source
    )
    {
        Slot parent = directory;
        ContainerPath prefix = mount.Path;
        ImmutableArray<string> parts = path.Parts;
        for (int i = mount.Path.Parts.Length; i < parts.Length; i++)
        {
            prefix = prefix.Child(parts[i]);
            bool last = i == parts.Length - 1;
            Make(state, parent, prefix, last ? source : null);
            Slot next = last ? target : state.Plan.NewSlot(prefix.ToString());
            state.Plan.CallInto(
                next,
                $"open '{prefix}'",
                Syscall.openat,
                parent,
                parts[i],
                Argument.Flags(last && source is not null ? LookNoFollow : LookNoFollow | OpenFlags.O_DIRECTORY)
            );
            parent = next;
        }
    }

    private static void Make(PlanState state, Slot parent, ContainerPath path, Slot? source)
    {
        if (source is null)
        {
            MakeDirectory(state, parent, path.Name, path);
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        Label file = plan.NewLabel($"what goes on '{path}' is a file");
        Label made = plan.NewLabel($"'{path}' has been made");
        Checks.IsDirectory(state, source, $"what goes on {path}", file);
        MakeDirectory(state, parent, path.Name, path);
        plan.Add(new JumpStep("the directory is there", made));
        plan.Place(file);
        plan.Add(
            new CallStep(
                $"create the file '{path}'",
                Syscall.mknodat,
                [
                    parent,
                    path.Name,
                    Argument.Number((uint)FileModes.S_IFREG | FileMode, ArgumentFormat.Octal),
                    Argument.Null,
                ]
            )
            {
                Tolerated = [Errno.EEXIST],
            }
        );
        plan.Place(made);
    }

    private static void MakeDirectory(PlanState state, Slot parent, string name, ContainerPath path) =>
        state.Plan.Add(
            new CallStep(
                $"create the directory '{path}'",
                Syscall.mkdirat,
                [parent, name, Argument.Number(DirectoryMode, ArgumentFormat.Octal)]
            )
            {
                Tolerated = [Errno.EEXIST],
            }
        );
}
