namespace Tare.Runtime.Planning;

/// <summary>Where the fields lie that checks look at, in bytes: struct statx (linux/stat.h), struct statfs (asm/statfs.h).</summary>
internal static class StatusLayout
{
    /// <summary>The size of struct statx.</summary>
    public const int Size = 256;

    /// <summary>stx_attributes, 8 bytes.</summary>
    public const int Attributes = 8;

    /// <summary>stx_mode, 2 bytes.</summary>
    public const int Mode = 28;

    /// <summary>stx_ino, 8 bytes.</summary>
    public const int Inode = 32;

    /// <summary>stx_rdev_major and stx_rdev_minor, 4 bytes each.</summary>
    public const int Device = 128;

    /// <summary>The size of struct statfs.</summary>
    public const int FileSystemSize = 120;

    /// <summary>f_type, 8 bytes.</summary>
    public const int FileSystemType = 0;
}
