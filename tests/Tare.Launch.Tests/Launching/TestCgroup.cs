using System.Globalization;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>A cgroup beneath this process's own that goes with the test. Skips the test where there is none to be had.</summary>
internal sealed class TestCgroup : IDisposable
{
    private TestCgroup(CgroupHierarchy hierarchy)
    {
        Path = $"{hierarchy.OwnPath.TrimEnd('/')}/tare-test-{Guid.NewGuid():N}";
        Directory = hierarchy.DirectoryOf(Path)!;
        System.IO.Directory.CreateDirectory(Directory);
    }

    /// <summary>As /proc/PID/cgroup names it.</summary>
    public string Path { get; }

    public string Directory { get; }

    public static TestCgroup MakeUnified() => new(Choose(layout => layout.Unified, "cgroup v2"));

    public static TestCgroup MakeLegacy() =>
        new(Choose(layout => layout.HierarchyOf("pids") is { Version: 1 } pids ? pids : null, "pids on cgroup v1"));

    /// <summary>One with a limit on memory in bytes, of either version.</summary>
    public static TestCgroup MakeMemory(int limit)
    {
        CgroupHierarchy memory = Choose(layout => layout.HierarchyOf("memory"), "the memory controller");
        bool unified = memory.Version == 2;
        Assert.SkipUnless(
            !unified || File.ReadAllText($"{memory.OwnDirectory}/cgroup.subtree_control").Split(' ').Contains("memory"),
            "needs the memory controller for its cgroup's children"
        );
        TestCgroup made = new(memory);
        File.WriteAllText(
            $"{made.Directory}/{(unified ? "memory.max" : "memory.limit_in_bytes")}",
            limit.ToString(CultureInfo.InvariantCulture)
        );
        return made;
    }

    /// <summary>cgroup.procs, to write to.</summary>
    public FileFd OpenEntrance() =>
        Files.OpenAt(null, $"{Directory}/cgroup.procs", OpenFlags.O_WRONLY).OrThrow("open", Directory);

    /// <summary>Removes it: who was in it has been reaped.</summary>
    public void Dispose() => System.IO.Directory.Delete(Directory);

    private static CgroupHierarchy Choose(Func<CgroupLayout, CgroupHierarchy?> choose, string need)
    {
        Require.Root();
        CgroupHierarchy? hierarchy = choose(CgroupLayout.Read().OrThrow("read the cgroups"));
        Assert.SkipWhen(hierarchy?.OwnDirectory is null || hierarchy.IsReadOnly, $"needs {need}");
        return hierarchy!;
    }
}
