using Tare.Linux;
using Tare.Runtime;
using Tare.Runtime.HostView.Changes;

namespace Tare.Cli.Trying;

/// <summary>What calls that were killed have left: views whose program is gone are removed, applying is finished.</summary>
internal static class Sweep
{
    /// <summary>Does both. What cannot be done now is told, and left for the next call.</summary>
    public static void Run(KeptViews views)
    {
        foreach (KeptView view in views.OpenAll())
        {
            using (view)
            {
                try
                {
                    Clear(view);
                }
                catch (Exception e) when (e is KernelException or ContainerException)
                {
                    Log.Warn(e.Message);
                }
            }
        }
    }

    private static void Clear(KeptView view)
    {
        if (view.ExitCode is null)
        {
            view.Drop();
        }
        else if (view.IsBeingApplied && !view.IsRefused)
        {
            Log.Finishing(view.Id);
            Applying.Run(view, force: false);
        }
    }
}
