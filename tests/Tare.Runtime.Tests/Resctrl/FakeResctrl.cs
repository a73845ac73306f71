using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Tests.Resctrl;

/// <summary>
/// What the kernel does in resctrl, played on a directory: files appear and go with a group, a line of schemata changes
/// one resource, a wrong one none. For machines whose processor cannot do it.
/// </summary>
internal sealed class FakeResctrl : ResctrlTree
{
    public FakeResctrl(string folder)
        : base(Prepare(folder)) { }

    /// <summary>What was asked for, in order.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Every call from this one on is refused.</summary>
    public int FailAt { get; init; } = int.MaxValue;

    public override SysResult Make(string group)
    {
        if (!Note($"make {group}"))
        {
            return new(Errno.ENOSPC);
        }

        SysResult made = base.Make(group);
        if (made.Ok)
        {
            Fill(PathOf(group), isClass: !group.Contains('/', StringComparison.Ordinal));
        }

        return made;
    }

    public override SysResult Remove(string group)
    {
        Note($"remove {group}");
        if (!Has(group))
        {
            return new(Errno.ENOENT);
        }

        Directory.Delete(PathOf(group), recursive: true);
        return default;
    }

    public override SysResult Write(string file, string value)
    {
        if (!Note($"write {file} {value.TrimEnd('\n').Replace('\n', '|')}"))
        {
            File.WriteAllText(PathOf("info/last_cmd_status"), "no such value\n");
            return new(Errno.EINVAL);
        }

        List<string> lines = [.. File.ReadAllLines(PathOf(file))];
        foreach (string line in value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int index = lines.FindIndex(present =>
                present.Trim().StartsWith(line.Split(':')[0] + ":", StringComparison.Ordinal)
            );
            lines[index] = "    " + line;
        }

        File.WriteAllLines(PathOf(file), lines);
        return default;
    }

    /// <summary>Makes a class as somebody else has made it before.</summary>
    public void Preconfigure(string group, params string[] schemata)
    {
        Directory.CreateDirectory(PathOf(group));
        Fill(PathOf(group), isClass: true);
        File.WriteAllLines(PathOf(group + "/schemata"), schemata);
    }

    public string[] Schemata(string group) =>
        [.. File.ReadAllLines(PathOf(Join(group, "schemata"))).Select(line => line.Trim())];

    private bool Note(string call)
    {
        Calls.Add(call);
        return Calls.Count <= FailAt;
    }

    private static string Prepare(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!Directory.Exists(Path.Combine(folder, "info")))
        {
            Fill(folder, isClass: true);
            Directory.CreateDirectory(Path.Combine(folder, "info"));
            File.WriteAllText(Path.Combine(folder, "info/last_cmd_status"), "ok\n");
        }

        return folder;
    }

    private static void Fill(string folder, bool isClass)
    {
        File.WriteAllText(Path.Combine(folder, "tasks"), "");
        if (isClass)
        {
            File.WriteAllText(
                Path.Combine(folder, "schemata"),
                "    L3:0=fffff;1=fffff\n    MB:0=100;1=100\n    L2:0=ff\n"
            );
            Directory.CreateDirectory(Path.Combine(folder, "mon_groups"));
        }
    }
}
