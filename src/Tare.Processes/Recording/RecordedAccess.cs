namespace Tare.Processes;

/// <summary>What a program did with a path.</summary>
[Flags]
public enum RecordedAccess
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Asked about it: stat(2), access(2), readlink(2), chdir(2) and the like.</summary>
    Look = 0x1,

    /// <summary>Opened a file to read.</summary>
    Read = 0x2,

    /// <summary>Opened a directory to list.</summary>
    List = 0x4,

    /// <summary>Opened it to write, or cut it.</summary>
    Write = 0x8,

    /// <summary>Executed it, or the kernel did as a program's interpreter.</summary>
    Execute = 0x10,

    /// <summary>Made a file, by open(2), link(2) or rename(2).</summary>
    MakeFile = 0x20,

    /// <summary>Made a directory.</summary>
    MakeDirectory = 0x40,

    /// <summary>Made a socket by bind(2).</summary>
    MakeSocket = 0x80,

    /// <summary>Made a FIFO.</summary>
    MakePipe = 0x100,

    /// <summary>Made a symbolic link.</summary>
    MakeSymbolicLink = 0x200,

    /// <summary>Made a node of a character device.</summary>
    MakeCharacterDevice = 0x400,

    /// <summary>Made a node of a block device.</summary>
    MakeBlockDevice = 0x800,

    /// <summary>Removed a file, or moved it away.</summary>
    Remove = 0x1000,

    /// <summary>Removed a directory, or moved it away.</summary>
    RemoveDirectory = 0x2000,

    /// <summary>Linked or moved it from one directory to another.</summary>
    Move = 0x4000,

    /// <summary>Changed permissions, owner, times or extended attributes.</summary>
    Attributes = 0x8000,
}
