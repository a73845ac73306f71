namespace Tare.Runtime.HostView.Changes;

/// <summary>In what a file differs from what it was.</summary>
[Flags]
public enum ChangeAspects
{
    /// <summary>In nothing.</summary>
    None = 0,

    /// <summary>It is of another type: a directory in place of a file, another device.</summary>
    Type = 1,

    /// <summary>The bytes, or where a symbolic link leads.</summary>
    Content = 2,

    /// <summary>The permission bits.</summary>
    Mode = 4,

    /// <summary>User or group.</summary>
    Owner = 8,

    /// <summary>When it was written last; of directories that does not count.</summary>
    Time = 16,

    /// <summary>The extended attributes.</summary>
    Attributes = 32,
}
