using Tare.Runtime.Checkpoints.Protocol;

namespace Tare.Runtime.Checkpoints;

/// <summary>What a caller says about a dump and about a restore alike. criu(8).</summary>
public sealed record CriuSettings
{
    /// <summary>The absolute path of the directory with the images.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The absolute path of the directory for the log; null for that of the images.</summary>
    public string? WorkPath { get; init; }

    /// <summary>TCP connections are kept.</summary>
    public bool TcpEstablished { get; init; }

    /// <summary>TCP connections are closed.</summary>
    public bool TcpClose { get; init; }

    /// <summary>TCP connections that are just being made are left out.</summary>
    public bool TcpSkipInFlight { get; init; }

    /// <summary>UNIX sockets may be connected to processes outside.</summary>
    public bool ExternalUnixSockets { get; init; }

    /// <summary>The processes may belong to a session and a terminal outside.</summary>
    public bool ShellJob { get; init; }

    /// <summary>Locks of files are kept.</summary>
    public bool FileLocks { get; init; }

    /// <summary>Files that have no name any more get one for the time in between.</summary>
    public bool LinkRemap { get; init; }

    /// <summary>Pages that a later dump has again are cut out of the earlier one.</summary>
    public bool AutoDedup { get; init; }

    /// <summary>Pages are handed over when they are asked for.</summary>
    public bool LazyPages { get; init; }

    /// <summary>What CRIU does about cgroups.</summary>
    public CriuCgroupMode CgroupMode { get; init; } = CriuCgroupMode.Soft;

    /// <summary>How connections are kept from being answered meanwhile; null leaves it to CRIU.</summary>
    public CriuNetworkLock? NetworkLock { get; init; }

    /// <summary>The LSM profile of the restored processes, <c>TYPE:NAME</c>; null keeps the one that they had.</summary>
    public string? LsmProfile { get; init; }

    /// <summary>The SELinux context of restored mounts; null keeps the one that they had.</summary>
    public string? LsmMountContext { get; init; }

    /// <summary>Where the log is.</summary>
    internal string LogDirectory => WorkPath ?? ImagePath;
}
