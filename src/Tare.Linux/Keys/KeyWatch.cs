using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Being told what happens to keys and keyrings: changed, linked, revoked, expired. Owns its descriptors. Linux 5.8 with
/// CONFIG_WATCH_QUEUE, which few distributions set. pipe2(2) with O_NOTIFICATION_PIPE, keyctl(2) with KEYCTL_WATCH_KEY.
/// </summary>
public sealed class KeyWatch : IDisposable
{
    /// <summary>The most notifications that a queue holds.</summary>
    public const int MostNotifications = 512;

    private const uint KeyType = 1;
    private readonly PipePair pipe;

    private KeyWatch(PipePair pipe) => this.pipe = pipe;

    /// <summary>Readable where there is something to take; for poll(2) and epoll(7).</summary>
    public PipeFd Descriptor => pipe.ReadEnd;

    /// <summary>A new queue. ENOPKG: the kernel was built without CONFIG_WATCH_QUEUE; EINVAL: before Linux 5.8.</summary>
    /// <param name="notifications">How many it holds before some are lost, up to <see cref="MostNotifications"/>.</param>
    public static SysResult<KeyWatch> Create(int notifications = 256)
    {
        // O_NOTIFICATION_PIPE has the value of O_EXCL, which means nothing else of a pipe.
        SysResult<PipePair> made = Pipes.Create(OpenFlags.O_EXCL | OpenFlags.O_NONBLOCK);
        if (!made.Ok)
        {
            return new(null!, made.Errno);
        }

        using Borrowed end = new(made.Value.ReadEnd);
        Errno sized = Interop.ErrnoOf(Interop.ioctl(end.Number, IoctlRequest.IOC_WATCH_QUEUE_SET_SIZE, notifications));
        if (sized != Errno.None)
        {
            made.Value.Dispose();
            return new(null!, sized);
        }

        return new(new KeyWatch(made.Value), Errno.None);
    }

    /// <summary>From now on tells of these changes only, beside what is gone and lost.</summary>
    public SysResult TellOnly(params ReadOnlySpan<KeyChange> changes)
    {
        WatchQueueFilter filter = new() { Count = 1, Type = KeyType };
        foreach (KeyChange change in changes)
        {
            filter.Subtypes[0] |= (int)change < 32 ? 1u << (int)change : 0;
        }

        using Borrowed end = new(pipe.ReadEnd);
        return Interop.Result(Interop.ioctl(end.Number, IoctlRequest.IOC_WATCH_QUEUE_SET_FILTER, ref filter));
    }

    /// <summary>
    /// Begins to watch a key. EACCES: it may not be viewed; EBUSY: it is watched with this queue already; EOPNOTSUPP: the kernel has no
    /// watches of keys. KEYCTL_WATCH_KEY.
    /// </summary>
    /// <param name="key">The key or keyring.</param>
    /// <param name="tag">Comes with each notification.</param>
    public SysResult Begin(int key, byte tag = 0) => Watch(key, tag);

    /// <summary>Watches a key no longer. EBADSLT: it is not watched.</summary>
    public SysResult End(int key) => Watch(key, -1);

    /// <summary>What happened since the last call, the oldest first. EAGAIN: nothing.</summary>
    public SysResult<List<KeyNotification>> Read()
    {
        byte[] buffer = new byte[4096];
        SysResult<int> read = Files.Read(pipe.ReadEnd, buffer);
        return new(KeyNotification.ParseAll(buffer.AsSpan(0, read.Ok ? read.Value : 0)), read.Errno);
    }

    /// <inheritdoc />
    public void Dispose() => pipe.Dispose();

    private SysResult Watch(int key, int tag)
    {
        using Borrowed end = new(pipe.ReadEnd);
        return Interop.Result(Interop.keyctl(KeyctlOperation.KEYCTL_WATCH_KEY, key, end.Number, tag));
    }
}
