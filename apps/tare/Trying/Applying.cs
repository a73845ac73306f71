using System.Globalization;
using Tare.Linux.Abi;
using Tare.Runtime.HostView.Changes;

namespace Tare.Cli.Trying;

/// <summary>Makes kept changes on the machine, and tells which were not made.</summary>
internal static class Applying
{
    /// <summary>Applies all that was not applied before; where all is done, nothing is kept any more.</summary>
    /// <returns>Whether all is done.</returns>
    public static bool Run(KeptView view, bool force)
    {
        IReadOnlyList<PartLayers> layers = view.OpenLayers();
        try
        {
            ChangeSet set = view.Compute(layers);
            ChangeApplier applier = new(view, set, layers) { Force = force, BeforeStep = KillStep() };
            IReadOnlyList<ApplyRefusal> refusals = applier.Run();
            foreach (ApplyRefusal refusal in refusals)
            {
                Log.NotApplied(PathText.Of(set.TargetOf(refusal.Change)), refusal.Reason);
            }

            if (refusals.Count == 0)
            {
                view.Drop();
                return true;
            }

            view.Refuse();
            Log.KeptAfterRefusal(view.Id, refusals.Count, refusals.All(refusal => refusal.IsConflict));
            return false;
        }
        finally
        {
            foreach (PartLayers part in layers)
            {
                part.Dispose();
            }
        }
    }

    // For tests: this process kills itself before that step.
    private static Action? KillStep()
    {
        string? text = Environment.GetEnvironmentVariable("TARE_KILL_BEFORE_APPLY_STEP");
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out int last))
        {
            return null;
        }

        int step = 0;
        return () =>
        {
            if (++step == last)
            {
                Linux.Processes.Kill(Environment.ProcessId, Signal.SIGKILL);
            }
        };
    }
}
