using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Tare.Processes;

/// <summary>
/// The thread that makes children which are to die with this process: to the kernel a parent is a thread, and this one lives
/// as long as the process. PR_SET_PDEATHSIG.
/// </summary>
internal static class ParentThread
{
    private static readonly Lazy<BlockingCollection<Action>> Work = new(Begin);

    /// <summary>Runs something on the thread and waits for it.</summary>
    public static T Run<T>(Func<T> make)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        // To spin would take a processor that what is being started needs.
        using ManualResetEventSlim done = new(initialState: false, spinCount: 0);
        Work.Value.Add(() =>
        {
            try
            {
                result = make();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
            finally
            {
                done.Set();
            }
        });
        done.Wait();
        failure?.Throw();
        return result!;
    }

    private static BlockingCollection<Action> Begin()
    {
        BlockingCollection<Action> work = [];
        Thread thread = new(() =>
        {
            foreach (Action action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "tare parent",
        };
        thread.UnsafeStart();
        return work;
    }
}
