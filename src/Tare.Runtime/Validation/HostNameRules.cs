using System.Text;
using Tare.Linux.Abi;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>hostname</c> and <c>domainname</c>: a UTS namespace of the container's own, at most 64 bytes.</summary>
internal static class HostNameRules
{
    private const int MaximumBytes = 64;

    public static string? Check(string property, string? name, ValidatedNamespaces namespaces)
    {
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        if (!namespaces.Has(CloneFlags.CLONE_NEWUTS))
        {
            throw new SpecException(property, "needs a UTS namespace (add {\"type\": \"uts\"} to linux.namespaces)");
        }

        if (Encoding.UTF8.GetByteCount(name) > MaximumBytes || name.Contains('\0', StringComparison.Ordinal))
        {
            throw new SpecException(property, $"'{name}' is longer than 64 bytes or contains a zero (shorten it)");
        }

        return name;
    }
}
