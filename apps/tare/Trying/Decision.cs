using System.Text;
using Tare.Cli.CommandLine;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime;
using Tare.Runtime.HostView.Changes;

namespace Tare.Cli.Trying;

/// <summary>What becomes of a view's changes: they are shown, and applied, dropped, exported or kept.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="view">The changes. Not owned.</param>
/// <param name="exitCode">How the program ended.</param>
/// <param name="report">The file that gets the JSON; null is standard error.</param>
internal sealed class Decision(TryOptions options, KeptView view, int exitCode, FileFd? report)
{
    private const int Failed = 125;
    private Signal? interruption;

    /// <summary>Shows, asks, and does it.</summary>
    /// <param name="done">The exit status where all is done.</param>
    /// <returns>The exit status.</returns>
    public int Take(int done)
    {
        IReadOnlyList<PartLayers> layers = [];
        try
        {
            ChangeSet set;
            try
            {
                layers = view.OpenLayers();
                set = view.Compute(layers);
            }
            catch (Exception e) when (options.Drop && (e is KernelException or ContainerException))
            {
                // Nobody could ever get rid of them otherwise.
                Log.Warn(e.Message);
                view.Drop();
                return done;
            }

            Show(set, layers);
            if (set.Changes.Count == 0 && options.Export is null)
            {
                view.Drop();
                return done;
            }

            bool isDone = Do(Answer(set, layers), set, layers);
            return interruption is { } signal ? 128 + (int)signal
                : isDone ? done
                : Failed;
        }
        finally
        {
            foreach (PartLayers part in layers)
            {
                part.Dispose();
            }
        }
    }

    private void Show(ChangeSet set, IReadOnlyList<PartLayers> layers)
    {
        if (options.Json)
        {
            string line = ChangeJson.Format(view, exitCode, set);
            if (report is null)
            {
                Output.WriteError(line);
            }
            else
            {
                Files.WriteAll(report, Encoding.UTF8.GetBytes(line)).OrThrow("write", options.JsonFile);
            }
        }
        else
        {
            ChangeTable.Write(set);
        }

        if (options.Diff)
        {
            ChangeTable.WriteDiffs(set, layers);
        }
    }

    private char? Answer(ChangeSet set, IReadOnlyList<PartLayers> layers)
    {
        if (options.Apply || options.Drop || options.Export is not null)
        {
            return options.Apply ? 'a'
                : options.Drop ? 'd'
                : 'x';
        }

        while (Question.CanBeAsked)
        {
            char? answer = Question.Ask(
                "apply, drop, show the differences, or keep for later? [a/d/s/k] ",
                "adsk",
                out interruption
            );
            if (answer != 's')
            {
                return answer;
            }

            ChangeTable.WriteDiffs(set, layers);
        }

        return null;
    }

    private bool Do(char? answer, ChangeSet set, IReadOnlyList<PartLayers> layers)
    {
        switch (answer)
        {
            case 'a':
                return Applying.Run(view, options.Force);
            case 'd':
                Drop(set, layers);
                return true;
            case 'x':
                foreach (Change change in ChangeExport.Write(set, layers, view, options.Export!))
                {
                    Log.NotExported(PathText.Of(set.PathOf(change)));
                }

                Drop(set, layers);
                return true;
            default:
                Log.Kept(view.Id, view.Path);
                return true;
        }
    }

    private void Drop(ChangeSet set, IReadOnlyList<PartLayers> layers)
    {
        if (view.IsBeingApplied)
        {
            new ChangeApplier(view, set, layers).Abandon();
        }

        view.Drop();
    }
}
