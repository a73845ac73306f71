using Tare.Launch;
using Tare.Linux;
using Tare.Runtime.Notification;

namespace Tare.OciCli.Verbs;

/// <summary>
/// Tells the service manager that a container is ready, beside a program in the foreground, whose end ends the service: this
/// program is the service's main process then.
/// </summary>
internal sealed class ForegroundNotification : IDisposable
{
    private readonly ManualResetEventSlim said = new();

    private ForegroundNotification() { }

    /// <summary>Begins to listen; null where nobody wants to know.</summary>
    public static ForegroundNotification? Begin(NotifyForwarding? notification, LaunchedProcess process, Log log)
    {
        if (notification is null)
        {
            return null;
        }

        // Of its own, because the other is gone when the program has been waited for.
        PidFd container = PidFds.Open(process.ProcessId).OrThrow("open the container's process");
        ForegroundNotification foreground = new();
        Thread thread = new(() =>
        {
            using (container)
            {
                Forward(notification, container, Environment.ProcessId, log, foreground.said.Set);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
        return foreground;
    }

    /// <summary>Passes on that the container is ready; where that cannot be, it runs all the same, as with runc.</summary>
    public static void Forward(
        NotifyForwarding? notification,
        PidFd process,
        int mainProcess,
        Log log,
        Action? said = null
    )
    {
        try
        {
            notification?.Forward(process, mainProcess, said);
        }
        catch (KernelException e)
        {
            log.Warn([e.Message]);
        }
    }

    /// <summary>Waits until all has been said that the container, which has ended, gave reason for.</summary>
    public void WaitUntilSaid() => said.Wait();

    /// <inheritdoc />
    public void Dispose() { }
}
