using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Which cgroup hierarchies the calling thread sees. A mountinfo is the longest text that a group's making needs: it is read
/// again only where something has been mounted or unmounted since, of which poll(2) tells (proc_pid_mountinfo(5)).
/// </summary>
internal static class ControlGroupLayout
{
    private const string MountInfo = "/proc/thread-self/mountinfo";
    private const int LongestMountInfo = 64 << 20;

    private static readonly Lock Reading = new();
    private static Seen? seen;

    /// <summary>Reads where this process is in them; the mounts too, where they are others.</summary>
    public static SysResult<CgroupLayout> Read()
    {
        SysResult<BytePath> view = Files.ReadLinkAt(null, "/proc/thread-self/ns/mnt");
        lock (Reading)
        {
            if (seen is null || !view.Ok || view.Value != seen.Namespace || seen.HasChanged)
            {
                seen?.File.Dispose();
                seen = null;
                SysResult<FileFd> file = Files.OpenAt(null, MountInfo, OpenFlags.O_RDONLY);
                if (!file.Ok)
                {
                    return new(null!, file.Errno);
                }

                SysResult<byte[]> text = Files.ReadToEnd(file.Value, LongestMountInfo);
                if (!text.Ok)
                {
                    file.Value.Dispose();
                    return new(null!, text.Errno);
                }

                seen = new Seen(view.Value, file.Value, text.Value);
            }

            return CgroupLayout.Read(seen.Text);
        }
    }

    private sealed record Seen(BytePath Namespace, FileFd File, byte[] Text)
    {
        /// <summary>Since it was opened, or since this was asked last.</summary>
        public bool HasChanged
        {
            get
            {
                SysResult<PollEvents> events = Poll.Wait(File, PollEvents.POLLPRI, TimeSpan.Zero);
                return !events.Ok || events.Value != PollEvents.None;
            }
        }
    }
}
