using System.Globalization;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>A cgroup in one hierarchy: its files, and what can be done with all its processes. The mount stays the caller's.</summary>
/// <param name="Mount">The hierarchy.</param>
/// <param name="Path">The group, relative to the mount point.</param>
/// <param name="IsUnified">The hierarchy is of version 2.</param>
public readonly record struct CgroupNode(CgroupMount Mount, string Path, bool IsUnified)
{
    private const string LegacyState = "freezer.state";
    private const int Attempts = 10_000;
    private const int RemovalAttempts = 1_000;

    // The kernel puts off waking those who poll where it has woken them less than 10 ms ago (CGROUP_FILE_NOTIFY_MIN_INTV), and
    // what is waited for has mostly happened long before.
    private const int Glances = 256;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Its path on this machine.</summary>
    public string FullPath => $"{Mount.MountPoint}/{Path}";

    /// <summary>The group has a file of that name.</summary>
    public bool HasFile(string file) => Mount.Exists(PathOf(file));

    /// <summary>A file's content; null if it is not there or cannot be read.</summary>
    public string? Read(string file) => Mount.Read(PathOf(file));

    /// <summary>Writes a value to a file that is there.</summary>
    public SysResult Write(string file, string value) => Mount.Write(PathOf(file), value);

    /// <summary>Opens a file.</summary>
    /// <exception cref="KernelException">It cannot be opened.</exception>
    public FileFd OpenFile(string file, OpenFlags flags) => Mount.OpenFile(PathOf(file), flags);

    /// <summary>Opens a file, if it can be.</summary>
    public SysResult<FileFd> TryOpenFile(string file, OpenFlags flags) => Mount.TryOpenFile(PathOf(file), flags);

    /// <summary>Waits until <c>cgroup.events</c> of a group of version 2 has a line; the kernel wakes those who poll it.</summary>
    /// <param name="line">For instance <c>frozen 1</c>.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <returns>False if the time was up. A group that is gone has nothing to wait for.</returns>
    public bool WaitForEvent(ReadOnlySpan<byte> line, TimeSpan timeout)
    {
        SysResult<FileFd> opened = TryOpenFile("cgroup.events", OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return true;
        }

        using FileFd events = opened.Value;
        Span<byte> text = stackalloc byte[256];
        for (int i = 0; ; i++)
        {
            SysResult<int> read = Files.ReadAt(events, text, 0);
            if (!read.Ok || text[..read.Value].IndexOf(line) >= 0)
            {
                return true;
            }

            if (i < Glances)
            {
                Thread.Yield();
                continue;
            }

            SysResult<PollEvents> woken = Poll.Wait(events, PollEvents.POLLPRI, timeout);
            if (!woken.Ok || woken.Value == 0)
            {
                return false;
            }
        }
    }

    /// <summary>Whether the processes stand still, or are about to.</summary>
    public bool IsFrozen =>
        IsUnified
            ? Read("cgroup.freeze")?.StartsWith('1') == true
            : Read(LegacyState)?.StartsWith("FR", StringComparison.Ordinal) == true;

    /// <summary>Stops all processes; for version 1 the hierarchy must be the freezer's.</summary>
    /// <returns>False where some process does not stop in ten seconds: it waits for a device or a file system.</returns>
    /// <exception cref="KernelException">There is no freezer, or no right to it.</exception>
    public bool Freeze()
    {
        if (IsUnified)
        {
            Write("cgroup.freeze", "1").OrThrow("freeze cgroup", FullPath);
            return WaitForEvent("frozen 1"u8, Longest);
        }

        // Nothing announces that a v1 freezer is done; reading its state is what brings it forward, and a process that was
        // being made while it was written needs it to be written again.
        for (int i = 0; i < Attempts; i++)
        {
            Write(LegacyState, "FROZEN").OrThrow("freeze cgroup", FullPath);
            if (Read(LegacyState)?.StartsWith("FROZEN", StringComparison.Ordinal) == true)
            {
                return true;
            }

            Thread.Yield();
        }

        return false;
    }

    /// <summary>Lets the processes go on; no error if they were not frozen.</summary>
    /// <exception cref="KernelException">There is no freezer, or no right to it.</exception>
    public void Thaw()
    {
        (string file, string value) = IsUnified ? ("cgroup.freeze", "0") : (LegacyState, "THAWED");
        Write(file, value).OrThrow("thaw cgroup", FullPath);
        if (IsUnified)
        {
            WaitForEvent("frozen 0"u8, Longest);
        }
    }

    /// <summary>Adds the numbers of the processes in the group and below, in this process's PID namespace.</summary>
    public void CollectProcesses(ISet<int> processes) => Collect(Path, processes);

    /// <summary>Removes the group, whose processes have ended, and those below it; waits while the kernel still counts them.</summary>
    /// <returns>EBUSY: processes are left. That it is gone already is no error.</returns>
    public SysResult RemoveTree()
    {
        SysResult removed = Mount.Remove(Path);
        for (int i = 0; i < RemovalAttempts && removed.Errno == Errno.EBUSY; i++)
        {
            foreach (string child in Mount.ListDirectories(Path))
            {
                (this with { Path = $"{Path}/{child}" }).RemoveTree();
            }

            // Processes that have ended stay in their group until the kernel is done with them.
            if (IsUnified && !WaitForEvent("populated 0"u8, Longest))
            {
                break;
            }

            Thread.Yield();
            removed = Mount.Remove(Path);
        }

        return removed.Errno == Errno.ENOENT ? default : removed;
    }

    private void Collect(string path, ISet<int> processes)
    {
        string? list = Mount.Read($"{path}/cgroup.procs");
        if (list is null)
        {
            return;
        }

        foreach (ReadOnlySpan<char> line in list.AsSpan().EnumerateLines())
        {
            // A process of another PID namespace that has no number here is listed as 0.
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process > 0)
            {
                processes.Add(process);
            }
        }

        foreach (string child in Mount.ListDirectories(path))
        {
            Collect($"{path}/{child}", processes);
        }
    }

    private string PathOf(string file) => $"{Path}/{file}";
}
