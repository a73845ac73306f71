namespace Tare.Fixtures;

/// <summary>A thread that ends with what is done on it: credentials, masks, namespaces and filters are the thread's own.</summary>
public static class OwnThread
{
    /// <summary>Runs something on it and waits for its end; what it throws is thrown here.</summary>
    public static void Run(Action action)
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
