namespace Tare.Runtime.State;

/// <summary>Which class of service of resctrl a container is in.</summary>
/// <param name="MountPoint">Where resctrl is mounted.</param>
/// <param name="Group">The class's directory, relative to the mount point; empty for the default class.</param>
/// <param name="IsNew">It was made for the container.</param>
/// <param name="IsOwn">It was made for the container and goes with it.</param>
/// <param name="Monitor">The name of the monitoring group in it that goes with the container; empty for none.</param>
public sealed record ResctrlPlace(string MountPoint, string Group, bool IsNew, bool IsOwn, string Monitor)
{
    /// <summary>The monitoring group's directory, relative to the mount point.</summary>
    public string MonitorGroup => (Group.Length == 0 ? "" : Group + "/") + "mon_groups/" + Monitor;

    /// <summary>The groups that the container's processes are in, for people.</summary>
    public IEnumerable<string> Names
    {
        get
        {
            yield return Group.Length == 0 ? "/" : Group;
            if (Monitor.Length > 0)
            {
                yield return "mon_groups/" + Monitor;
            }
        }
    }
}
