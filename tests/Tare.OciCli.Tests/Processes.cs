using System.Text.Json.Nodes;

namespace Tare.OciCli.Tests;

/// <summary>The processes of containers, as <c>ps</c> lists them.</summary>
internal static class Processes
{
    /// <summary>Their numbers on this machine.</summary>
    public static int[] In(OciContainer container) =>
        [
            .. JsonNode
                .Parse(container.DoWith("ps", "--format=json").ShouldSucceed().Output)!
                .AsArray()
                .Select(process => (int)process!),
        ];

    /// <summary>A line of a process's /proc/PID/status, without its name.</summary>
    public static string Status(int process, string name) =>
        File.ReadLines($"/proc/{process}/status")
            .Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..]
            .Trim();
}
