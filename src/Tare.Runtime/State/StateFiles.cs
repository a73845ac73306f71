using Tare.Linux;
using Tare.Runtime.Notification;

namespace Tare.Runtime.State;

/// <summary>The names of the files in a container's state directory, and beside the directories.</summary>
internal static class StateFiles
{
    /// <summary>What is known about the container.</summary>
    public const string Record = "record";

    /// <summary>The record while it is being written.</summary>
    public const string NewRecord = "record.new";

    /// <summary>The configuration as it was when the container was created.</summary>
    public const string Configuration = "config.json";

    /// <summary>The FIFO whose reader is a container that waits to be started; gone once it was.</summary>
    public const string StartFifo = "start.fifo";

    /// <summary>The FIFO to which a container that was started reports that its program could not be executed.</summary>
    public const string ReportFifo = "report.fifo";

    /// <summary>
    /// The directory that the root of a container is mounted on whose mount namespace is not its alone
    /// (<see cref="Planning.RootView.Place"/>).
    /// </summary>
    public const string RootPlace = "rootfs";

    /// <summary>
    /// The directory with a file for each container that some process is making, accompanies or removes, locked by that
    /// process: a file that is not locked names, and says, what a killed process left. No container can have this name.
    /// </summary>
    public const string InProgress = "@in-progress";

    /// <summary>The directory of compiled filters: see <see cref="FilterCache"/>. No container can have this name.</summary>
    public const string Filters = "@filters";

    /// <summary>A container's directory can have a file of that name.</summary>
    public static bool IsOwn(BytePath name) =>
        name == Record
        || name == NewRecord
        || name == Configuration
        || name == StartFifo
        || name == ReportFifo
        || name == RootPlace
        || name == NotifySocket.Folder;
}
