using System.Runtime.CompilerServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Waiting;

/// <summary>What a descriptor tells, taken until there is nothing, and waited for then.</summary>
internal static class EventLoop
{
    /// <summary>Takes events for as long as somebody asks for them.</summary>
    /// <param name="source">What they come from; disposed at the end.</param>
    /// <param name="descriptor">Its descriptor, readable where there is something.</param>
    /// <param name="tryTake">Takes one; EAGAIN where there is none.</param>
    /// <param name="what">What they are, for messages.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<T> TakeAsync<T>(
        IDisposable source,
        FileDescriptor descriptor,
        Func<SysResult<T>> tryTake,
        string what,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using IDisposable taken = source;
        using WatchedDescriptor watched = Reactor.Shared.Watch(descriptor, EpollEvents.EPOLLIN);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SysResult<T> one = tryTake();
            if (one.Errno == Errno.EAGAIN)
            {
                await watched.ReadableAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            yield return one.OrThrow("receive", what);
        }
    }
}
