namespace Tare.Runtime.CopyUp;

/// <summary>What the top of a copy takes over from its source: what the mount's options do not say.</summary>
[Flags]
public enum CopiedRoot
{
    /// <summary>Neither owner nor mode.</summary>
    None = 0,

    /// <summary>The owner.</summary>
    User = 1,

    /// <summary>The group.</summary>
    Group = 2,

    /// <summary>The permission bits.</summary>
    Mode = 4,

    /// <summary>All of it.</summary>
    All = User | Group | Mode,
}
