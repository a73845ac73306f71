namespace Tare.Oci;

/// <summary>The kind of a device file or of what a device rule is about. mknod(1).</summary>
public enum DeviceType
{
    /// <summary><c>a</c>: every device (in rules only).</summary>
    All,

    /// <summary><c>c</c>: a character device.</summary>
    Character,

    /// <summary><c>u</c>: an unbuffered character device, which on Linux is a character device.</summary>
    UnbufferedCharacter,

    /// <summary><c>b</c>: a block device.</summary>
    Block,

    /// <summary><c>p</c>: a FIFO (in device files only).</summary>
    Fifo,
}
