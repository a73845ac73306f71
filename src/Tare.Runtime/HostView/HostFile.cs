namespace Tare.Runtime.HostView;

/// <summary>What a path of the machine is: all that a view needs to know of it.</summary>
/// <param name="IsDirectory">It is a directory.</param>
/// <param name="IsReadable">The caller can list or read it.</param>
/// <param name="Uid">The owner.</param>
/// <param name="Gid">The group.</param>
/// <param name="Mode">The permission bits.</param>
public readonly record struct HostFile(bool IsDirectory, bool IsReadable, uint Uid, uint Gid, uint Mode);
