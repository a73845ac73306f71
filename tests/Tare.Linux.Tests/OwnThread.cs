namespace Tare.Linux.Tests;

/// <summary>A thread that ends with what is done on it: credentials, masks, namespaces and filters are the thread's own.</summary>
internal static class OwnThread
{
    internal static void Run(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}
