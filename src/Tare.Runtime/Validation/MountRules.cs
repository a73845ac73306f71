using System.Collections.Immutable;
using System.Text;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>mounts</c>. config.md, "Mounts".</summary>
internal static class MountRules
{
    // A page, less the zero that ends the text.
    private const int MaximumData = 4095;

    // Flags that are a file system's, not a mount's.
    private const MountFlags OfFileSystem =
        MountFlags.MS_SYNCHRONOUS
        | MountFlags.MS_DIRSYNC
        | MountFlags.MS_MANDLOCK
        | MountFlags.MS_LAZYTIME
        | MountFlags.MS_I_VERSION
        | MountFlags.MS_SILENT;

    // What may be covered inside a procfs: files that a container manager imitates (lxcfs), and that decide nothing.
    private static readonly ImmutableArray<string> CoverableInProc =
    [
        "/proc/cpuinfo",
        "/proc/diskstats",
        "/proc/meminfo",
        "/proc/stat",
        "/proc/swaps",
        "/proc/uptime",
        "/proc/loadavg",
        "/proc/slabinfo",
        "/proc/net/dev",
        "/proc/sys/kernel/ns_last_pid",
        "/proc/sys/crypto/fips_enabled",
    ];

    private static readonly ContainerPath Proc = ContainerPath.Root.Child("proc");

    public static ImmutableArray<ValidatedMount> Check(
        IReadOnlyList<MountSpec> mounts,
        ValidationContext context,
        ImmutableArray<IdMapping> uids,
        ImmutableArray<IdMapping> gids,
        ImmutableArray<string>.Builder warnings
    )
    {
        ImmutableArray<ValidatedMount>.Builder result = ImmutableArray.CreateBuilder<ValidatedMount>(mounts.Count);
        for (int i = 0; i < mounts.Count; i++)
        {
            string property = $"mounts[{i}]";
            ValidatedMount mount = Check(property, mounts[i], context, warnings);
            ValidatedIdMap? map = MappingRules.OfMount(
                property,
                mounts[i],
                mount.Options,
                uids,
                gids,
                context.Rootless
            );
            if (map is not null && mount.Kind != MountKind.Bind)
            {
                throw new SpecException(property, "only the owners of a bind mount's files can be mapped (add bind)");
            }

            result.Add(map is null ? mount : mount with { IdMap = map });
        }

        return result.MoveToImmutable();
    }

    private static ValidatedMount Check(
        string property,
        MountSpec mount,
        ValidationContext context,
        ImmutableArray<string>.Builder warnings
    )
    {
        ContainerPath destination = ContainerPath.Parse($"{property}.destination", mount.Destination);
        if (!mount.Destination.StartsWith('/'))
        {
            warnings.Add($"{property}.destination: '{mount.Destination}' is not absolute; '{destination}' is used");
        }

        if (destination.IsRoot)
        {
            throw new SpecException($"{property}.destination", "is the root itself (use root.path)");
        }

        MountOptions options = MountOptions.Parse($"{property}.options", mount.Options);
        if (Encoding.UTF8.GetByteCount(options.Data) > MaximumData)
        {
            throw new SpecException(
                $"{property}.options",
                $"those for the file system are longer than {MaximumData} bytes, at which the kernel cuts (shorten them)"
            );
        }

        string type = mount.Type ?? "";
        string source = mount.Source ?? "";
        if (type.Contains('\0', StringComparison.Ordinal) || source.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(property, "type or source contains a zero byte (leave it out)");
        }

        MountKind kind = KindOf(type, options);
        switch (kind)
        {
            case MountKind.Bind when source.Length == 0:
                throw new SpecException($"{property}.source", "is missing (a bind mount needs the path to show)");
            case MountKind.Bind when options.Data.Length != 0:
                throw new SpecException(
                    $"{property}.options",
                    $"a bind mount takes no options of a file system (remove '{options.Data}')"
                );
            case MountKind.Bind:
                source = HostPath.From(context.Bundle, source);
                type = "";
                WarnOfFileSystemOptions($"{property}.options", mount.Options, warnings);
                break;
            case MountKind.FileSystem when type.Length == 0:
                throw new SpecException($"{property}.type", "is missing (name a file system, or add the option bind)");
            case MountKind.FileSystem when source.Length == 0:
                source = type;
                break;
        }

        if (options.CopiesUp && (kind != MountKind.FileSystem || type != "tmpfs"))
        {
            throw new SpecException($"{property}.options", "tmpcopyup is for a tmpfs alone (leave it out)");
        }

        CheckSymlinks($"{property}.options", options, kind, destination);
        CheckProc(property, destination, kind, type);
        return new ValidatedMount(kind, destination, type, source, options);
    }

    private static void WarnOfFileSystemOptions(
        string property,
        IReadOnlyList<string> options,
        ImmutableArray<string>.Builder warnings
    )
    {
        foreach (string option in options)
        {
            if (
                MountOptionTable.TryGetFlag(option, out MountFlags flag, out bool off)
                && !off
                && (flag & OfFileSystem) != 0
            )
            {
                warnings.Add($"{property}: '{option}' has no effect on a bind mount");
            }
        }
    }

    private static void CheckSymlinks(string property, MountOptions options, MountKind kind, ContainerPath destination)
    {
        if (options.NamesSymlink is { } option && kind != MountKind.Bind)
        {
            throw new SpecException(property, $"{option} is for a bind mount alone (leave it out)");
        }

        if (options.CopiesSymlink && (options.ShowsSymlink || options.CoversSymlink))
        {
            throw new SpecException(
                property,
                "copy-symlink goes with neither src-nofollow nor dest-nofollow (leave one out)"
            );
        }

        if (options.CopiesSymlink && destination.IsAtOrBelow(Proc))
        {
            throw new SpecException(property, "no symlink can be made in '/proc' (leave copy-symlink out)");
        }
    }

    private static MountKind KindOf(string type, MountOptions options) =>
        options.IsRemount ? MountKind.Remount
        : options.IsBind || (type == "bind") ? MountKind.Bind
        : type is "cgroup" or "cgroup2" ? MountKind.Cgroup
        : MountKind.FileSystem;

    private static void CheckProc(string property, ContainerPath destination, MountKind kind, string type)
    {
        if (kind == MountKind.Remount || !destination.IsAtOrBelow(Proc))
        {
            return;
        }

        if (destination == Proc)
        {
            if (kind == MountKind.Cgroup || (kind == MountKind.FileSystem && type != "proc"))
            {
                throw new SpecException($"{property}.destination", "only a proc file system can be mounted on '/proc'");
            }
        }
        else if (kind != MountKind.Bind || !CoverableInProc.Contains(destination.ToString()))
        {
            throw new SpecException(
                $"{property}.destination",
                $"'{destination}' is inside '/proc' and must not be covered (choose another place)"
            );
        }
    }
}
