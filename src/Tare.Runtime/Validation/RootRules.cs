using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>root</c> and <c>linux.rootfsPropagation</c>.</summary>
internal static class RootRules
{
    public static ValidatedRoot Check(RootSpec? root, LinuxSpec linux, ValidationContext context)
    {
        MountFlags propagation = CheckPropagation(linux.RootfsPropagation);
        if (context.RootGiven)
        {
            return new ValidatedRoot("", root?.Readonly ?? false, propagation);
        }

        if (root is null)
        {
            throw new SpecException("root", "is missing (name the root file system's directory in root.path)");
        }

        return new ValidatedRoot(CheckDirectory(root.Path, context.Bundle), root.Readonly, propagation);
    }

    private static string CheckDirectory(string path, string bundle)
    {
        const string Property = "root.path";
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(Property, "is empty or contains a zero byte (name a directory)");
        }

        string full = HostPath.From(bundle, path);
        SysResult<StatX> status = Files.StatX(null, full, AtFlags.AT_SYMLINK_NOFOLLOW);
        switch (status.Errno)
        {
            case Errno.None:
                break;
            case Errno.ENOENT or Errno.ENOTDIR:
                throw new SpecException(
                    Property,
                    $"'{full}' does not exist: {status.Errno} (unpack a root file system there)"
                );
            case Errno.EACCES:
                throw new SpecException(Property, $"'{full}' cannot be reached: EACCES (give this user access)");
            default:
                throw new SpecException(Property, $"'{full}' cannot be reached: {status.Errno} (name a directory)");
        }

        FileModes kind = status.Value.Mode & FileModes.S_IFMT;
        if (kind == FileModes.S_IFLNK)
        {
            throw new SpecException(Property, $"'{full}' is a symlink (name the directory itself)");
        }

        if (kind != FileModes.S_IFDIR)
        {
            throw new SpecException(Property, $"'{full}' is not a directory: ENOTDIR (name a directory)");
        }

        return full;
    }

    private static MountFlags CheckPropagation(string? propagation)
    {
        if (string.IsNullOrEmpty(propagation))
        {
            return MountFlags.None;
        }

        return MountOptionTable.TryGetPropagation(propagation, out MountFlags kind)
            ? kind
            : throw new SpecException(
                "linux.rootfsPropagation",
                $"'{propagation}' is unknown (use shared, slave, private or unbindable)"
            );
    }
}
