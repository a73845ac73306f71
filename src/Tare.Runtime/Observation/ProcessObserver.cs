using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Containers;

namespace Tare.Runtime.Observation;

/// <summary>
/// Asks the kernel about a process. All files are opened from the process's own directory in /proc, so that no other process
/// can be meant, whatever becomes of its number.
/// </summary>
internal sealed class ProcessObserver(ProcessDirectory process, int processId)
{
    private readonly List<string> unobserved = [];

    /// <summary>Reads everything but the cgroups; what this user may not see is named.</summary>
    /// <exception cref="ContainerException">The process has ended.</exception>
    public ObservedProcess Read()
    {
        List<ObservedNamespace> namespaces = ReadNamespaces();
        bool sharesUsers = namespaces.Exists(found => found is { Kind: CloneFlags.CLONE_NEWUSER, Shared: true });
        OwnIds users = sharesUsers ? OwnIds.Same : IdsOf("uid_map");
        OwnIds groups = sharesUsers ? OwnIds.Same : IdsOf("gid_map");
        ProcStatus status = ProcStatus.Parse(Required("status"));
        ObservedProcess observed = new()
        {
            Namespaces = namespaces,
            Status = status,
            Stat = ProcStat.Parse(Required("stat")),
            Users = users.Inside(status.Users),
            Groups = groups.Inside(status.Groups),
            AdditionalGroups = [.. status.SupplementaryGroups.Select(groups.Inside).Order()],
            Label = ReadLabel(),
            Limits = LimitsText.Parse(Text("limits") ?? ""),
            OomScoreAdj = int.TryParse(Text("oom_score_adj"), CultureInfo.InvariantCulture, out int score)
                ? score
                : null,
            Hostname = ReadHostname(),
            Mounts = ReadMounts(),
        };
        return process.HasEnded ? throw Ended() : observed with { Unobserved = unobserved };
    }

    internal static ContainerException Ended() => new("container not running");

    private List<ObservedNamespace> ReadNamespaces()
    {
        List<ObservedNamespace> namespaces = [];
        foreach (CloneFlags kind in NamespaceKinds.Each)
        {
            string name = $"ns/{NamespaceKinds.NameOf(kind)}";
            SysResult<BytePath> theirs = Files.ReadLinkAt(process.Directory, name);
            if (theirs.Ok && InodeOf(theirs.Value.ToString()) is { } inode)
            {
                SysResult<BytePath> own = Files.ReadLinkAt(null, $"/proc/self/{name}");
                namespaces.Add(new(kind, inode, own.Ok && own.Value == theirs.Value));
            }
            else if (theirs.Errno != Errno.ENOENT)
            {
                unobserved.Add(name);
            }
        }

        return namespaces;
    }

    /// <summary>The number in <c>pid:[4026531836]</c>.</summary>
    private static ulong? InodeOf(string link)
    {
        int open = link.IndexOf('[', StringComparison.Ordinal);
        return
            open > 0
            && link.EndsWith(']')
            && ulong.TryParse(
                link.AsSpan(open + 1, link.Length - open - 2),
                CultureInfo.InvariantCulture,
                out ulong inode
            )
            ? inode
            : null;
    }

    private OwnIds IdsOf(string file)
    {
        SysResult<OwnIds> ids = OwnIds.Read(process.Directory, file);
        if (!ids.Ok)
        {
            unobserved.Add(file);
        }

        return ids.Value;
    }

    // Where no security module has labels, the kernel says EINVAL.
    private string? ReadLabel()
    {
        SysResult<byte[]> text = Files.ReadAllAt(process.Directory, "attr/current");
        string label = text.Ok ? Encoding.UTF8.GetString(text.Value).TrimEnd('\0', '\n') : "";
        return label.Length == 0 ? null : label;
    }

    private string? ReadHostname()
    {
        SysResult<string> name = HostnameReading.Read(process.Process, processId);
        if (name.Ok)
        {
            return name.Value;
        }

        unobserved.Add("hostname");
        return null;
    }

    private IReadOnlyList<MountEntry> ReadMounts()
    {
        SysResult<byte[]> text = Files.ReadAllAt(process.Directory, "mountinfo", 64 << 20);
        if (text.Ok)
        {
            return MountInfo.Parse(text.Value);
        }

        unobserved.Add("mounts");
        return [];
    }

    private string? Text(string file)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process.Directory, file);
        if (text.Ok)
        {
            return Encoding.UTF8.GetString(text.Value);
        }

        unobserved.Add(file);
        return null;
    }

    private byte[] Required(string file)
    {
        SysResult<byte[]> text = Files.ReadAllAt(process.Directory, file);
        return text.Errno is Errno.ESRCH or Errno.ENOENT
            ? throw Ended()
            : text.OrThrow("read", $"/proc/{processId}/{file}");
    }
}
