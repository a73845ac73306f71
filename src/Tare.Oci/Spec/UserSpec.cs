namespace Tare.Oci;

/// <summary>Who a program runs as; ids are those inside the container's user namespace. config.md, "POSIX-platform User".</summary>
public sealed record UserSpec
{
    /// <summary>User and group 0, nothing else.</summary>
    public static UserSpec Root { get; } = new();

    /// <summary>The user id.</summary>
    public uint Uid { get; init; }

    /// <summary>The primary group id.</summary>
    public uint Gid { get; init; }

    /// <summary>The file mode creation mask; null leaves it.</summary>
    public uint? Umask { get; init; }

    /// <summary>The supplementary groups.</summary>
    public IReadOnlyList<uint> AdditionalGids { get; init; } = [];
}
