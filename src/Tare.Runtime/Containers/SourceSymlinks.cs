using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>What the symlinks say that a configuration wants copied into the container instead of mounted.</summary>
internal static class SourceSymlinks
{
    /// <summary>Reads them, each by its mount's index, as <see cref="LaunchContext.CopiedSymlinks"/> has them. A source that is no symlink is left to be mounted.</summary>
    /// <exception cref="SpecException">A symlink's text is not UTF-8.</exception>
    /// <exception cref="KernelException">A source is missing, or this user may not see it.</exception>
    public static ImmutableArray<string?> Of(ValidatedSpec spec)
    {
        string?[]? symlinks = null;
        for (int i = 0; i < spec.Mounts.Length; i++)
        {
            if (!spec.Mounts[i].Options.CopiesSymlink)
            {
                continue;
            }

            string source = spec.Mounts[i].Source;
            SysResult<BytePath> text = Files.ReadLinkAt(null, source);
            if (text.Errno == Errno.EINVAL)
            {
                continue;
            }

            BytePath found = text.OrThrow("read the symlink", source);
            string said = found.ToString();
            if (found != (BytePath)said)
            {
                throw new SpecException(
                    $"mounts[{i}].source",
                    $"the text of the symlink '{source}' is not UTF-8 (leave copy-symlink out)"
                );
            }

            symlinks ??= new string?[spec.Mounts.Length];
            symlinks[i] = said;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(symlinks ?? []);
    }
}
