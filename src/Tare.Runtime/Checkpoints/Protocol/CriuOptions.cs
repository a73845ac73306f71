namespace Tare.Runtime.Checkpoints.Protocol;

/// <summary>What a dump or a restore is told. criu_opts in CRIU's rpc.proto, whose field numbers stand here.</summary>
internal sealed record CriuOptions
{
    /// <summary>The descriptor of the directory with the images, as CRIU inherits it.</summary>
    public required int ImagesDirectory { get; init; }

    /// <summary>The descriptor of the directory for the log; null for that of the images.</summary>
    public int? WorkDirectory { get; init; }

    /// <summary>The log's name in it.</summary>
    public required string LogFile { get; init; }

    /// <summary>The first of the processes to be saved.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The root's path on the host.</summary>
    public string? Root { get; init; }

    /// <summary>The directory with the images of the dump before, relative to that of the images.</summary>
    public string? ParentImages { get; init; }

    /// <summary>Pages that are written to from now on are told from those that are not.</summary>
    public bool TracksMemory { get; init; }

    /// <summary>Whom pages are sent to, or null.</summary>
    public PageServer? PageServer { get; init; }

    /// <summary>What the caller has asked for.</summary>
    public required CriuSettings Settings { get; init; }

    /// <summary>The processes go on once they are saved.</summary>
    public bool LeavesRunning { get; init; }

    /// <summary>The restored process becomes a child of CRIU's parent.</summary>
    public bool AsSibling { get; init; }

    /// <summary>Devices are opened anew by another path where theirs is gone.</summary>
    public bool EvasiveDevices { get; init; }

    /// <summary>Namespaces of which only the existence counts, as CLONE_NEW flags.</summary>
    public uint EmptyNamespaces { get; init; }

    /// <summary>The freezer cgroup by which the processes are stopped; null has each stopped by ptrace(2).</summary>
    public string? FreezerCgroup { get; init; }

    /// <summary>A file with more options, which come last.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Mounts that are not CRIU's: at a dump the mount point and a name, at a restore the name and the source.</summary>
    public IReadOnlyList<(string Key, string Value)> Mounts { get; init; } = [];

    /// <summary>Other things that are not CRIU's, as <c>--external</c> takes them.</summary>
    public IReadOnlyList<string> External { get; init; } = [];

    /// <summary>Where each hierarchy's root of the saved groups is now; an empty controller is cgroup v2.</summary>
    public IReadOnlyList<(string Controller, string Path)> CgroupRoots { get; init; } = [];

    /// <summary>Descriptors, as CRIU inherits them, and what they stand for.</summary>
    public IReadOnlyList<(string Key, int Descriptor)> Inherited { get; init; } = [];

    /// <summary>Namespaces that are joined: their kinds' names and their files.</summary>
    public IReadOnlyList<(string Kind, string Path)> Joined { get; init; } = [];

    /// <summary>Writes them as a message.</summary>
    public void Write(MessageWriter message)
    {
        const int LogLevel = 4;
        message.Number(1, ImagesDirectory);
        message.Number(2, ProcessId);
        message.Flag(3, LeavesRunning);
        message.Flag(6, EvasiveDevices);
        message.Number(9, LogLevel);
        message.Text(10, LogFile);
        if (PageServer is { } server)
        {
            message.Message(
                11,
                inner =>
                {
                    inner.Text(1, server.Address);
                    inner.Number(2, server.Port);
                }
            );
        }

        message.Flag(12, true); // notify_scripts: a word about each part of the work
        message.Text(13, Root);
        message.Text(14, ParentImages);
        message.Flag(15, TracksMemory);
        message.Number(17, WorkDirectory);
        Pairs(message, 23, Mounts);
        message.Flag(24, true); // manage_cgroups, which the mode makes precise
        Pairs(message, 25, CgroupRoots);
        message.Flag(26, AsSibling);
        foreach ((string key, int descriptor) in Inherited)
        {
            message.Message(
                27,
                inner =>
                {
                    inner.Text(1, key);
                    inner.Number(2, descriptor);
                }
            );
        }

        foreach (string external in External)
        {
            message.Text(37, external);
        }

        message.Number(38, EmptyNamespaces);
        Pairs(message, 39, Joined);
        message.Text(44, FreezerCgroup);
        message.Flag(50, true); // orphan_pts_master: a terminal whose other side was outside is handed over
        message.Text(51, ConfigurationFile);
        Write(message, Settings);
    }

    private static void Write(MessageWriter message, CriuSettings settings)
    {
        message.Flag(4, settings.ExternalUnixSockets);
        message.Flag(5, settings.TcpEstablished);
        message.Flag(7, settings.ShellJob);
        message.Flag(8, settings.FileLocks);
        message.Flag(16, settings.AutoDedup);
        message.Flag(18, settings.LinkRemap);
        message.Number(34, (long)settings.CgroupMode);
        message.Flag(46, settings.TcpSkipInFlight);
        message.Flag(48, settings.LazyPages);
        message.Flag(52, settings.TcpClose);
        message.Text(53, settings.LsmProfile);
        message.Text(63, settings.LsmMountContext);
        message.Number(64, (long?)settings.NetworkLock);
    }

    // Two texts each, of which an empty one is left out: ext_mount_map, cgroup_root, join_namespace.
    private static void Pairs(MessageWriter message, int field, IReadOnlyList<(string First, string Second)> pairs)
    {
        foreach ((string first, string second) in pairs)
        {
            message.Message(
                field,
                inner =>
                {
                    inner.Text(1, first.Length == 0 ? null : first);
                    inner.Text(2, second);
                }
            );
        }
    }
}
