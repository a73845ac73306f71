using System.Globalization;
using Tare.Linux.Abi;
using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.timeOffsets</c>: only for a time namespace that is made. config-linux.md.</summary>
internal static class TimeRules
{
    /// <summary>The lines of timens_offsets; null where nothing is asked for. time_namespaces(7).</summary>
    public static string? Check(IReadOnlyList<TimeOffsetSpec> offsets, ValidatedNamespaces namespaces)
    {
        if (offsets.Count == 0)
        {
            return null;
        }

        if (!namespaces.Makes(CloneFlags.CLONE_NEWTIME))
        {
            throw new SpecException(
                "linux.timeOffsets",
                namespaces.Has(CloneFlags.CLONE_NEWTIME)
                    ? "cannot be set in a time namespace that is joined (leave it out)"
                    : "needs a time namespace (add {\"type\": \"time\"})"
            );
        }

        return string.Concat(
            offsets.Select(offset =>
                string.Create(CultureInfo.InvariantCulture, $"{offset.Clock} {offset.Seconds} {offset.Nanoseconds}\n")
            )
        );
    }
}
