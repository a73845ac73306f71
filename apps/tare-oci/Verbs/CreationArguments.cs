using Tare.Launch;
using Tare.Linux;
using Tare.OciCli.CommandLine;
using Tare.Runtime.Containers;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.OciCli.Verbs;

/// <summary>What <c>create</c> and <c>run</c> have in common on the command line.</summary>
internal static class CreationArguments
{
    /// <summary>For tests: the launch kills this program before that step.</summary>
    public static int KillBefore => LaunchOptions.IndexOf(Environment.GetEnvironmentVariable("TARE_KILL_BEFORE_STEP"));

    /// <summary>The service manager's socket that is told when a container is ready; null without one. sd_notify(3).</summary>
    public static string? NotifySocket =>
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } socket ? socket : null;

    /// <summary>The bundle's absolute path.</summary>
    public static string Bundle(Arguments arguments) => FullPath(arguments.Text("bundle") ?? ".");

    /// <summary>A path as it is from the root, without a separator at its end.</summary>
    /// <exception cref="KernelException">It is relative, and the working directory has been removed.</exception>
    public static string FullPath(string path) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(HostPath.FromHere(path)));

    /// <summary>Reads them; what is opened belongs to <paramref name="sockets"/>.</summary>
    /// <exception cref="UsageException">Descriptors to be preserved are not open.</exception>
    public static CreateRequest Read(Arguments arguments, Settings settings, ConnectedSockets sockets)
    {
        int listening = InheritedDescriptors.CountListening();
        int preserved = listening + arguments.Number("preserve-fds", 0);
        InheritedDescriptors.CheckOpen(preserved);
        return new CreateRequest
        {
            Id = ContainerId.Parse(arguments.Words[0]),
            Bundle = Bundle(arguments),
            Configuration = arguments.Text("config") is { } config ? HostPath.FromHere(config) : null,
            HasNoCgroup = settings.HasNoCgroups,
            ConsoleSocket = sockets.Connect(arguments.Text("console-socket"), "console-socket"),
            PidFdSocket = sockets.Connect(arguments.Text("pidfd-socket"), "pidfd-socket"),
            PidFile = arguments.Text("pid-file") is { } pidFile ? HostPath.FromHere(pidFile) : null,
            KeepsKeyring = arguments.Has("no-new-keyring"),
            NoPivot = arguments.Has("no-pivot"),
            PreservedDescriptors = preserved,
            ListenDescriptors = listening,
            NotifySocket = NotifySocket,
            IgnoresCgroupErrors = settings.IgnoreCgroupErrors,
            SystemdCgroup = settings.SystemdCgroup,
            KillLauncherBefore = KillBefore,
        };
    }
}
