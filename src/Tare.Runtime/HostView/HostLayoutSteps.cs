using System.Globalization;
using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView;

/// <summary>
/// Writes a <see cref="HostLayout"/> into a plan. Preconditions: a mount namespace of the child's own, whose mounts are
/// private. Afterwards the working directory is the view's root, a mount that <c>pivot_root(".", ".")</c> can take.
/// </summary>
/// <remarks>
/// A tmpfs becomes the root first and the machine's root moves to <c>/old</c> on it. So no path of the machine is ever
/// hidden by what is built, and no symbolic link among the machine's files leads anywhere but into that tmpfs.
/// </remarks>
public sealed class HostLayoutSteps
{
    /// <summary>What the change of root is called.</summary>
    internal const string PivotWords = "move the machine's root to '/old'";

    // MOUNT_ATTR_SIZE_VER0
    private const int AttributeSize = 32;

    private const string OldRoot = "/old";
    private const string NewRoot = "/root";
    private const string Layers = "/layers";

    // Where overlay does not take a file system as a layer; what fits the directory is tried instead.
    private static readonly Errno[] Refusals =
    [
        Errno.EINVAL,
        Errno.EPERM,
        Errno.EACCES,
        Errno.EOPNOTSUPP,
        Errno.ENODEV,
        Errno.ELOOP,
        Errno.EOVERFLOW,
        Errno.ESTALE,
        Errno.EREMOTE,
    ];

    private readonly LaunchPlanBuilder builder;
    private readonly HostLayout layout;
    private readonly string layers;
    private readonly List<(HostPart Part, Slot Shown)> fallbacks = [];

    private HostLayoutSteps(LaunchPlanBuilder builder, HostLayout layout, string? layers)
    {
        this.builder = builder;
        this.layout = layout;
        this.layers = layers is null ? Layers : OldRoot + layers;
    }

    /// <summary>
    /// The parts that are shown read-only if the kernel refuses the overlay. After the launch the slot holds a
    /// descriptor's number, above 0, if it did.
    /// </summary>
    public IReadOnlyList<(HostPart Part, Slot Shown)> Fallbacks => fallbacks;

    /// <summary>The parts that can be written, with the names of their layers' directories.</summary>
    public static IEnumerable<(HostPart Part, string Layer)> LayersOf(HostLayout layout) =>
        layout
            .Parts.Select((part, index) => (part, index.ToString(CultureInfo.InvariantCulture)))
            .Where(pair => pair.part.Kind == HostPartKind.CopyOnWrite);

    /// <summary>Adds the steps.</summary>
    /// <param name="builder">The plan.</param>
    /// <param name="layout">What the view is made of.</param>
    /// <param name="layers">Where the layers are made; null is memory. See <see cref="HostRoot"/>.</param>
    public static HostLayoutSteps Add(LaunchPlanBuilder builder, HostLayout layout, string? layers = null)
    {
        HostLayoutSteps steps = new(builder, layout, layers);
        steps.AddAll();
        return steps;
    }

    private void AddAll()
    {
        builder.Group("root file system");
        Slot umask = builder.NewSlot("the caller's umask");
        builder.CallInto(umask, "set the umask", Syscall.umask, Argument.Number(0x12, ArgumentFormat.Octal));
        AddScratchRoot();
        for (int i = 0; i < layout.Parts.Count; i++)
        {
            HostPart part = layout.Parts[i];
            switch (part.Kind)
            {
                case HostPartKind.CopyOnWrite:
                    AddDirectories(part);
                    AddOverlay(part, i);
                    break;
                case HostPartKind.Fresh:
                    AddFresh(part);
                    break;
                case HostPartKind.ReadOnly when part.Path == "/":
                    AddReadOnlyRoot();
                    break;
                case HostPartKind.ReadOnly when layout.IsPrivileged || part.NeedsDirectory:
                    AddDirectories(part);
                    AddReadOnly(part, builder.NewSlot($"'{part.Path}'"));
                    break;
                default:
                    break;
            }
        }

        builder.Call("restore the umask", Syscall.umask, umask);
        builder.Call("enter the view", Syscall.chdir, NewRoot);
    }

    private void AddScratchRoot()
    {
        // /proc is what tare itself needs of the machine, so it is there.
        const string place = "/proc";
        builder.Call(
            "mount tmpfs for the layers",
            Syscall.mount,
            "tmpfs",
            place,
            "tmpfs",
            Argument.Flags(MountFlags.MS_NOSUID | MountFlags.MS_NODEV),
            "mode=0755"
        );
        builder.Call("enter the layers", Syscall.chdir, place);
        MakeDirectory("old");
        MakeDirectory("root");
        MakeDirectory("layers");
        builder.Call(PivotWords, Syscall.pivot_root, ".", "old");
        builder.Call("enter the layers", Syscall.chdir, "/");
    }

    private void AddReadOnlyRoot()
    {
        builder.Call(
            "show the machine's root",
            Syscall.mount,
            OldRoot,
            NewRoot,
            Argument.Null,
            Argument.Flags(MountFlags.MS_BIND | MountFlags.MS_REC),
            Argument.Null
        );
        builder.Call(
            "make it read-only",
            Syscall.mount_setattr,
            Argument.WorkingDirectory,
            NewRoot,
            Argument.Flags(AtFlags.AT_RECURSIVE),
            Attributes(MountAttributeFlags.MOUNT_ATTR_RDONLY | MountAttributeFlags.MOUNT_ATTR_NOSUID),
            AttributeSize
        );
    }

    private void AddFresh(HostPart part) =>
        builder.Call(
            $"mount tmpfs on '{part.Path}'",
            Syscall.mount,
            "tmpfs",
            NewRoot + part.Path,
            "tmpfs",
            Argument.Flags(MountFlags.MS_NOSUID | MountFlags.MS_NODEV),
            "mode=" + Convert.ToString(part.Mode & 0xFFF, 8)
        );

    private void AddOverlay(HostPart part, int index)
    {
        string layer = $"{layers}/{index}";
        MakeDirectory(layer);
        MakeDirectory(layer + "/upper");
        MakeDirectory(layer + "/work");

        // The upper directory is the root that the program sees: its owner and permissions are the lower one's.
        if (layout.IsPrivileged && (part.Uid != 0 || part.Gid != 0))
        {
            builder.Call(
                $"own the layer of '{part.Path}'",
                Syscall.fchownat,
                Argument.WorkingDirectory,
                layer + "/upper",
                part.Uid,
                part.Gid,
                0
            );
        }

        if ((part.Mode & 0xFFF) != 0x1ED)
        {
            builder.Call(
                $"set the permissions of the layer of '{part.Path}'",
                Syscall.fchmodat,
                Argument.WorkingDirectory,
                layer + "/upper",
                Argument.Number(part.Mode & 0xFFF, ArgumentFormat.Octal)
            );
        }

        string lower = Escape(SourceOf(part));
        string options = layout.IsPrivileged ? "redirect_dir=on,index=off,metacopy=off" : "userxattr";
        MountFlags flags =
            MountFlags.MS_NOSUID | MountFlags.MS_NODEV | (part.IsNoExec ? MountFlags.MS_NOEXEC : MountFlags.None);
        CallStep overlay = new(
            $"mount overlay on '{part.Path}'",
            Syscall.mount,
            [
                "overlay",
                part.Path == "/" ? NewRoot : NewRoot + part.Path,
                "overlay",
                Argument.Flags(flags),
                $"lowerdir={lower},upperdir={Escape(layer)}/upper,workdir={Escape(layer)}/work,{options}",
            ]
        );
        if (part is { Path: "/", Source: null })
        {
            builder.Add(overlay);
            return;
        }

        Label refused = builder.NewLabel($"overlay refuses '{part.Path}'");
        Label done = builder.NewLabel($"'{part.Path}' is there");
        builder.Add(overlay with { Branches = [.. Refusals.Select(errno => new Branch(errno, refused))] });
        builder.Add(new JumpStep("go on", done));
        builder.Place(refused);
        Slot shown = builder.NewSlot($"'{part.Path}' shown read-only");

        // In a user namespace a tree is taken with what is mounted below or not at all.
        AddReadOnly(part with { IsRecursive = !layout.IsPrivileged }, shown);
        builder.Place(done);
        fallbacks.Add((part, shown));
    }

    private void AddReadOnly(HostPart part, Slot tree)
    {
        OpenTreeFlags recursive = part.IsRecursive ? OpenTreeFlags.AT_RECURSIVE : 0;
        MountAttributeFlags attributes =
            MountAttributeFlags.MOUNT_ATTR_RDONLY
            | MountAttributeFlags.MOUNT_ATTR_NOSUID
            | MountAttributeFlags.MOUNT_ATTR_NODEV;
        builder.CallInto(
            tree,
            $"open '{part.Path}'",
            Syscall.open_tree,
            Argument.WorkingDirectory,
            SourceOf(part),
            Argument.Flags(OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC | recursive)
        );
        builder.Call(
            $"make '{part.Path}' read-only",
            Syscall.mount_setattr,
            tree,
            "",
            Argument.Flags(part.IsRecursive ? AtFlags.AT_EMPTY_PATH | AtFlags.AT_RECURSIVE : AtFlags.AT_EMPTY_PATH),
            Attributes(attributes),
            AttributeSize
        );
        builder.Call(
            $"show '{part.Path}'",
            Syscall.move_mount,
            tree,
            "",
            Argument.WorkingDirectory,
            part.Path == "/" ? NewRoot : NewRoot + part.Path,
            Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH)
        );
    }

    private void AddDirectories(HostPart part)
    {
        if (!part.NeedsDirectory)
        {
            return;
        }

        // Everything above the fresh part is there already.
        string above = layout
            .Parts.Where(other => other.Kind == HostPartKind.Fresh && VisibleMounts.Contains(other.Path, part.Path))
            .Max(other => other.Path)!;
        for (int end = above.Length; end < part.Path.Length; )
        {
            int next = part.Path.IndexOf('/', end + 1);
            end = next < 0 ? part.Path.Length : next;
            string path = part.Path[..end];
            builder.Add(
                new CallStep(
                    $"make the directory '{path}'",
                    Syscall.mkdirat,
                    [Argument.WorkingDirectory, NewRoot + path, Argument.Number(0x1ED, ArgumentFormat.Octal)]
                )
                {
                    Tolerated = [Errno.EEXIST],
                }
            );
        }
    }

    private static string SourceOf(HostPart part)
    {
        string source = part.Source ?? part.Path;
        return source == "/" ? OldRoot : OldRoot + source;
    }

    private void MakeDirectory(string path) =>
        builder.Call(
            $"make the directory '{path}'",
            Syscall.mkdirat,
            Argument.WorkingDirectory,
            path,
            Argument.Number(0x1ED, ArgumentFormat.Octal)
        );

    private static Argument Attributes(MountAttributeFlags set) =>
        Argument.Struct(MemoryMarshal.AsBytes<MountAttribute>([new MountAttribute { Set = set }]));

    // A colon separates lower layers, a comma separates options.
    private static string Escape(string path) =>
        path.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace(":", "\\:", StringComparison.Ordinal)
            .Replace(",", "\\,", StringComparison.Ordinal);
}
