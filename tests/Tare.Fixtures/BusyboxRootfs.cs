namespace Tare.Fixtures;

/// <summary>A root file system of a few directories, busybox-static and a link for each of its commands.</summary>
public static class BusyboxRootfs
{
    private static readonly Lazy<string[]> Commands = new(() => Tool.Run("busybox", "--list").ShouldSucceed().Lines);

    /// <summary>Makes one at a path that does not exist yet; gives the path. Skips the test where busybox-static is missing.</summary>
    public static string Create(string path)
    {
        string busybox = Require.Program("busybox");
        foreach (string folder in (string[])["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp", "var"])
        {
            Directory.CreateDirectory(Path.Combine(path, folder));
        }

        Tool.InstallProgram(busybox, Path.Combine(path, "bin", "busybox"));
        foreach (string command in Commands.Value.Where(command => command != "busybox"))
        {
            File.CreateSymbolicLink(Path.Combine(path, "bin", command), "busybox");
        }

        File.WriteAllText(Path.Combine(path, "etc", "passwd"), "root:x:0:0:root:/root:/bin/sh\n");
        File.WriteAllText(Path.Combine(path, "etc", "group"), "root:x:0:\n");
        return path;
    }
}
