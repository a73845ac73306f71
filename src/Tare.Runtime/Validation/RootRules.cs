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
        FileAttributes attributes;
        try
        {
            attributes = File.GetAttributes(full);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SpecException(Property, $"'{full}' does not exist: ENOENT (unpack a root file system there)");
        }
        catch (UnauthorizedAccessException)
        {
            throw new SpecException(Property, $"'{full}' cannot be reached: EACCES (give this user access)");
        }

        if ((attributes & FileAttributes.ReparsePoint) != 0)
        {
            throw new SpecException(Property, $"'{full}' is a symlink (name the directory itself)");
        }

        if ((attributes & FileAttributes.Directory) == 0)
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
