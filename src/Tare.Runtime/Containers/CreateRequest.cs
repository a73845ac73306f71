using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.State;

namespace Tare.Runtime.Containers;

/// <summary>What a container is to be made of, besides its bundle's config.json.</summary>
public sealed record CreateRequest
{
    /// <summary>Its name.</summary>
    public required ContainerId Id { get; init; }

    /// <summary>The bundle's absolute path.</summary>
    public required string Bundle { get; init; }

    /// <summary>The absolute path of the configuration; null is the bundle's config.json.</summary>
    public string? Configuration { get; init; }

    /// <summary>The container gets no cgroup, whoever asks for it.</summary>
    public bool HasNoCgroup { get; init; }

    /// <summary>A connected socket that the terminal's other side is sent to; null where there is no terminal. Not owned.</summary>
    public SocketFd? ConsoleSocket { get; init; }

    /// <summary>The settings that its terminal begins with; null are the kernel's.</summary>
    public TermiosLinux? TerminalSettings { get; init; }

    /// <summary>The program gets a terminal only if its other side has somewhere to go that outlives this process.</summary>
    public bool Detached { get; init; }

    /// <summary>The container waits for <c>start</c>; otherwise its program is executed at once.</summary>
    public bool WaitsForStart { get; init; }

    /// <summary>The launcher's session keyring is kept.</summary>
    public bool KeepsKeyring { get; init; }

    /// <summary>The root is changed by moving its mount over <c>/</c>, for roots that pivot_root(2) refuses.</summary>
    public bool NoPivot { get; init; }

    /// <summary>How many descriptors from 3 on the program gets, those of LISTEN_FDS included.</summary>
    public int PreservedDescriptors { get; init; }

    /// <summary>How many of them are LISTEN_FDS's; the program is told of as many.</summary>
    public int ListenDescriptors { get; init; }

    /// <summary>Limits are left out where this user may not make cgroups, instead of being an error.</summary>
    public bool IgnoresCgroupErrors { get; init; }

    /// <summary>systemd makes the cgroup, and config.json's path is one of slice, prefix and name.</summary>
    public bool SystemdCgroup { get; init; }

    /// <summary>A file that the first process's number is written to.</summary>
    public string? PidFile { get; init; }

    /// <summary>A connected socket that a pidfd of the first process is sent to. Not owned.</summary>
    public SocketFd? PidFdSocket { get; init; }

    /// <summary>A socket that is told when the container is ready, as NOTIFY_SOCKET names it; null for none. sd_notify(3).</summary>
    public string? NotifySocket { get; init; }

    /// <summary>For tests: see <see cref="Launch.LaunchOptions.KillLauncherBefore"/>.</summary>
    public int KillLauncherBefore { get; init; } = -1;

    /// <summary>For tests: see <see cref="Launch.LaunchOptions.FailAt"/>.</summary>
    public int FailAt { get; init; } = -1;
}
