namespace Tare.Runtime.HostView;

/// <summary>A mount of this machine, as far as a view of it depends on it. proc_pid_mountinfo(5).</summary>
/// <param name="Id">The mount's number.</param>
/// <param name="Parent">The number of the mount that it lies on.</param>
/// <param name="Path">Where it is, absolute and without symbolic links.</param>
/// <param name="Type">The file system's type: <c>ext4</c>, <c>fuse.sshfs</c>.</param>
/// <param name="IsReadOnly">Nobody can write to it.</param>
/// <param name="IsNoExec">Nothing on it can be executed.</param>
public sealed record HostMount(int Id, int Parent, string Path, string Type, bool IsReadOnly, bool IsNoExec);
