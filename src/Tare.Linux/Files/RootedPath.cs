namespace Tare.Linux;

/// <summary>
/// A path inside a root that somebody else may have filled: an image, a container. It is resolved by the kernel as if the
/// directory were <c>/</c> (openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS), so that neither <c>..</c>, nor a
/// symlink, nor a rename while it is being walked leads out of it.
/// </summary>
/// <param name="Root">The directory that stands for <c>/</c>. Not owned: it must outlive the path.</param>
/// <param name="Path">The path below it; a slash in front changes nothing.</param>
public readonly record struct RootedPath(DirectoryFd Root, BytePath Path)
{
    /// <inheritdoc />
    public override string ToString() => Path.ToString();
}
