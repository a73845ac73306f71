using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Verbs;

/// <summary>What <c>exec --cgroup [CONTROLLER[,CONTROLLER…]:]PATH</c> says, as runc reads it.</summary>
internal static class CgroupPaths
{
    /// <summary>The paths by controller; the empty name stands for all of them.</summary>
    /// <exception cref="UsageException">A controller is given twice, or is missing where there are several paths.</exception>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<string> given)
    {
        Dictionary<string, string> paths = new(StringComparer.Ordinal);
        foreach (string text in given)
        {
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                paths[""] =
                    given.Count == 1
                        ? text
                        : throw new UsageException($"invalid --cgroup argument: {text} (missing <controller>: prefix)");
                continue;
            }

            foreach (string controller in text[..colon].Split(','))
            {
                if (controller.Length == 0)
                {
                    throw new UsageException($"invalid --cgroup argument: {text} (empty <controller> prefix)");
                }

                if (!paths.TryAdd(controller, text[(colon + 1)..]))
                {
                    throw new UsageException(
                        $"invalid --cgroup argument(s): controller {controller} specified multiple times"
                    );
                }
            }
        }

        return paths;
    }
}
