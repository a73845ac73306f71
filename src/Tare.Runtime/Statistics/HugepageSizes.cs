using System.Globalization;
using Tare.Linux;

namespace Tare.Runtime.Statistics;

/// <summary>The sizes of huge pages that this machine has, as the files of cgroups name them: <c>2MB</c>, <c>1GB</c>.</summary>
internal static class HugepageSizes
{
    private const string Prefix = "hugepages-";
    private const ulong Step = 1024;
    private static readonly string[] Units = ["KB", "MB", "GB"];

    public static IReadOnlyList<string> Read()
    {
        SysResult<DirectoryFd> opened = Files.OpenDirectoryAt(null, "/sys/kernel/mm/hugepages");
        if (!opened.Ok)
        {
            return [];
        }

        using DirectoryFd directory = opened.Value;
        List<string> sizes = [];
        foreach (DirectoryEntry entry in DirectoryEntries.Read(directory).Value ?? [])
        {
            if (NameOf(entry.Name.ToString()) is { } size)
            {
                sizes.Add(size);
            }
        }

        return sizes;
    }

    /// <summary>The size that a directory of sysfs stands for (<c>hugepages-2048kB</c>); null if it is none.</summary>
    public static string? NameOf(string directory)
    {
        if (
            !directory.StartsWith(Prefix, StringComparison.Ordinal)
            || !directory.EndsWith("kB", StringComparison.Ordinal)
            || KernelText.Number(directory.AsSpan(Prefix.Length..^2)) is not { } size
        )
        {
            return null;
        }

        int unit = 0;
        while (size % Step == 0 && size > 0 && unit < Units.Length - 1)
        {
            size /= Step;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size}{Units[unit]}");
    }
}
