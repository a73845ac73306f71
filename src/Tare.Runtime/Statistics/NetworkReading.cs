using System.Text;
using Tare.Linux;
using Tare.Oci;

namespace Tare.Runtime.Statistics;

/// <summary>Reads what went through the interfaces of a network namespace. proc_pid_net(5).</summary>
internal static class NetworkReading
{
    private const int Columns = 16;

    /// <summary>The interfaces of a process's network namespace; none where that is this process's own.</summary>
    /// <param name="process">The process's directory in /proc, which no other process can take the place of.</param>
    public static IReadOnlyList<NetworkStatistics> Read(DirectoryFd process)
    {
        SysResult<BytePath> theirs = Files.ReadLinkAt(process, "ns/net");
        if (!theirs.Ok || theirs.Value == Files.ReadLinkAt(null, "/proc/self/ns/net").Value)
        {
            return [];
        }

        SysResult<byte[]> text = Files.ReadAllAt(process, "net/dev");
        return text.Ok ? Parse(Encoding.UTF8.GetString(text.Value)) : [];
    }

    /// <summary>The interfaces that the text of a net/dev file names, without loopback.</summary>
    public static IReadOnlyList<NetworkStatistics> Parse(string text)
    {
        List<NetworkStatistics> interfaces = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            // A name may have colons itself, numbers have none.
            int colon = line.LastIndexOf(':');
            IReadOnlyList<ulong> numbers = colon < 0 ? [] : KernelText.Numbers(line[(colon + 1)..].ToString());
            string name = line[..Math.Max(0, colon)].Trim().ToString();
            if (numbers.Count >= Columns && name != "lo")
            {
                interfaces.Add(
                    new(
                        name,
                        new(numbers[0], numbers[1], numbers[2], numbers[3]),
                        new(numbers[8], numbers[9], numbers[10], numbers[11])
                    )
                );
            }
        }

        return interfaces;
    }
}
