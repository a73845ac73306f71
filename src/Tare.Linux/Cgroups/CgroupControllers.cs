using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What kept a group from handing controllers down.</summary>
/// <param name="Errno">What the kernel said.</param>
/// <param name="File">The file that was written to.</param>
/// <param name="Value">What was written: <c>+memory +pids</c>.</param>
/// <param name="First">The first controller of it.</param>
public sealed record CgroupHandDownFailure(Errno Errno, string File, string Value, string First);

/// <summary>The controllers of cgroup v2: which a group has, and how it gets them from those above it.</summary>
public static class CgroupControllers
{
    /// <summary>Whether a group has a controller.</summary>
    public static bool Has(CgroupMount mount, string path, string controller) => Names(List(mount, path), controller);

    /// <summary>Those of some that a group does not have.</summary>
    public static IReadOnlyList<string> Missing(CgroupMount mount, string path, IReadOnlyList<string> controllers)
    {
        string? list = List(mount, path);
        return [.. controllers.Where(controller => !Names(list, controller))];
    }

    /// <summary>
    /// Has the groups above hand controllers down. Nothing is written to a group that does so already: that would cost time,
    /// and above a delegated part of the tree it would be refused.
    /// </summary>
    /// <param name="node">A group of version 2, which is there.</param>
    /// <param name="controllers">The controllers, each once.</param>
    /// <returns>Null where it has them all now.</returns>
    public static CgroupHandDownFailure? HandDown(CgroupNode node, IReadOnlyList<string> controllers)
    {
        string path = node.Path;
        for (int end = 0; end < path.Length; )
        {
            int next = path.IndexOf('/', end + 1);
            string above = path[..end];
            string below = next < 0 ? path : path[..next];
            IReadOnlyList<string> missing = Missing(node.Mount, below, controllers);
            if (missing.Count > 0)
            {
                string value = string.Join(' ', missing.Select(controller => $"+{controller}"));
                string file = FileOf(above, "cgroup.subtree_control");
                SysResult written = node.Mount.Write(file, value);
                if (!written.Ok)
                {
                    return new(written.Errno, $"{node.Mount.MountPoint}/{file}", value, missing[0]);
                }
            }

            end = below.Length;
        }

        return null;
    }

    private static string? List(CgroupMount mount, string path) => mount.Read(FileOf(path, "cgroup.controllers"));

    private static string FileOf(string path, string file) => path.Length == 0 ? file : $"{path}/{file}";

    private static bool Names(string? list, string controller)
    {
        foreach (Range range in list.AsSpan().Split(' '))
        {
            if (list.AsSpan()[range].Trim().SequenceEqual(controller))
            {
                return true;
            }
        }

        return false;
    }
}
