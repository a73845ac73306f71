using System.Collections.Immutable;
using System.Text;

namespace Tare.Runtime.Validation;

/// <summary>
/// Rules of names that security modules know: profiles of AppArmor, contexts of SELinux. Whether the machine knows them is
/// seen when it is asked. config.md, <c>apparmorProfile</c>, <c>selinuxLabel</c>; config-linux.md, <c>mountLabel</c>.
/// </summary>
internal static class LabelRules
{
    // A page, less the word before it and the zero behind. What is longer the kernel cuts or refuses.
    private const int Longest = 4000;

    /// <summary>Checks one; null where nothing is asked for.</summary>
    public static string? Check(string property, string? label)
    {
        if (string.IsNullOrEmpty(label))
        {
            return null;
        }

        // In the options of a mount a quotation mark is where a context ends.
        if (label.AsSpan().IndexOfAny("\0\n\"") >= 0)
        {
            throw new SpecException(
                property,
                "contains a zero byte, a line break or a quotation mark (give a name as the security module has it)"
            );
        }

        return Encoding.UTF8.GetByteCount(label) <= Longest
            ? label
            : throw new SpecException(property, $"is longer than {Longest} bytes (shorten it)");
    }

    /// <summary>
    /// Gives the mounts that can have one a label: not what shows the host's files, nor procfs, sysfs and cgroups, which the
    /// policy labels itself.
    /// </summary>
    public static ImmutableArray<ValidatedMount> Give(string? label, ImmutableArray<ValidatedMount> mounts) =>
        label is null
            ? mounts
            :
            [
                .. mounts.Select(mount =>
                    mount is { Kind: MountKind.FileSystem, Type: not ("proc" or "sysfs") }
                        ? mount with
                        {
                            Label = label,
                        }
                        : mount
                ),
            ];
}
