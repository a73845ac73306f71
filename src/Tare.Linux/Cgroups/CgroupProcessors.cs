namespace Tare.Linux;

/// <summary>
/// The cpuset hierarchy of cgroup v1, in which a new group has no processors and no memory nodes, so that no process can
/// enter it before both have been taken over from the group above.
/// </summary>
public static class CgroupProcessors
{
    private static readonly string[] Files = ["cpuset.cpus", "cpuset.mems"];

    /// <summary>Gives every group on the path that has none what the group above it has.</summary>
    /// <param name="node">A group of the cpuset hierarchy.</param>
    /// <param name="made">So many components of its path have just been made, and have nothing yet.</param>
    /// <exception cref="KernelException">The kernel refuses it.</exception>
    public static void Fill(CgroupNode node, int made)
    {
        foreach (string file in Files)
        {
            Fill(node.Mount, node.Path, made, file);
        }
    }

    private static string Fill(CgroupMount mount, string path, int made, string file)
    {
        string own = made > 0 ? "" : Value(mount, path, file);
        if (own.Length > 0 || path.Length == 0)
        {
            return own;
        }

        int slash = path.LastIndexOf('/');
        string above = Fill(mount, slash < 0 ? "" : path[..slash], made - 1, file);
        mount.Write($"{path}/{file}", above).OrThrow($"write '{above}' to", $"{path}/{file}");
        return above;
    }

    private static string Value(CgroupMount mount, string path, string file) =>
        mount.Read(path.Length == 0 ? file : $"{path}/{file}")?.Trim() ?? "";
}
