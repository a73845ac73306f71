namespace Tare.Linux;

/// <summary>
/// A descriptor's number for the length of one call: the handle cannot be closed, and the number not given to another
/// file, until this is disposed.
/// </summary>
internal readonly ref struct Borrowed
{
    /// <summary>AT_FDCWD: paths are relative to the working directory.</summary>
    private const int WorkingDirectory = -100;

    private readonly FileDescriptor? _handle;

    /// <summary>Borrows; no handle means the working directory.</summary>
    /// <exception cref="ObjectDisposedException">The handle was closed.</exception>
    internal Borrowed(FileDescriptor? handle)
    {
        if (handle is null)
        {
            Number = WorkingDirectory;
            return;
        }

        bool added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
        Number = (int)handle.DangerousGetHandle();
    }

    /// <summary>The number for the kernel.</summary>
    internal int Number { get; }

    /// <summary>Gives the handle back.</summary>
    public void Dispose() => _handle?.DangerousRelease();
}
