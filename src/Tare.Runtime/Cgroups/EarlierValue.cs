namespace Tare.Runtime.Cgroups;

/// <summary>What has to be written to a file of a cgroup so that it holds again what it held. Pure.</summary>
internal static class EarlierValue
{
    /// <summary>The value that undoes a write; null where nothing can.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="written">What is about to be written to it.</param>
    /// <param name="content">What it holds before that.</param>
    public static string? Of(string file, string written, string content)
    {
        if (file == "memory.oom_control")
        {
            return Line(content, "oom_kill_disable")?.Split(' ')[1];
        }

        // A line for each device: the one that is written is that of the first word.
        string key = written.Split(' ')[0];
        if (written.Length > key.Length && IsKeyed(file))
        {
            return Line(content, key) is { } line ? line : Default(file, key, written);
        }

        string first = content.Split('\n')[0].Trim();

        // Writing nothing does nothing; an end of line empties a set of processors.
        return first.Length == 0 ? "\n" : first;
    }

    private static string? Line(string content, string key)
    {
        foreach (string line in content.Split('\n'))
        {
            if (line.StartsWith(key + " ", StringComparison.Ordinal))
            {
                return line.Trim();
            }
        }

        return null;
    }

    private static bool IsKeyed(string file) =>
        file is "io.max" or "io.weight" or "io.bfq.weight" or "io.latency" or "rdma.max" or "net_prio.ifpriomap"
        || file.EndsWith("_device", StringComparison.Ordinal);

    // Nothing was said about the device before.
    private static string? Default(string file, string key, string written) =>
        file switch
        {
            "io.max" =>
                $"{key} {string.Join(' ', written.Split(' ')[1..].Select(limit => limit.Split('=')[0] + "=max"))}",
            "io.weight" or "io.bfq.weight" => $"{key} default",
            "rdma.max" => null,
            _ => $"{key} 0",
        };
}
