using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Runtime.Planning;

/// <summary>
/// The ways in which openat2(2) opens what somebody else may have made: relative to a descriptor that stands for <c>/</c>,
/// never through a magic link of procfs, which is the one kind of link that could lead out.
/// </summary>
internal static class How
{
    /// <summary>The size of an open_how.</summary>
    public const int Size = 24;

    private const OpenFlags Path = OpenFlags.O_PATH | OpenFlags.O_CLOEXEC;
    private const ResolveFlags Inside = ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS;
    private const ResolveFlags Plain = ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_SYMLINKS;

    /// <summary>Whatever is there; symlinks lead to where they lead inside the root.</summary>
    public static readonly Argument Any = Argument.OpenHow(Path, Inside);

    /// <summary>As <see cref="Any"/>, but the last name is not followed.</summary>
    public static readonly Argument AnyNoFollow = Argument.OpenHow(Path | OpenFlags.O_NOFOLLOW, Inside);

    /// <summary>A directory, through symlinks or not.</summary>
    public static readonly Argument Directory = Argument.OpenHow(Path | OpenFlags.O_DIRECTORY, Inside);

    /// <summary>A directory whose last name is no symlink.</summary>
    public static readonly Argument DirectoryNoFollow = Argument.OpenHow(
        Path | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW,
        Inside
    );

    /// <summary>Whatever is there, without any symlink on the way.</summary>
    public static readonly Argument PlainAny = Argument.OpenHow(Path, Plain);

    /// <summary>A directory, without any symlink on the way.</summary>
    public static readonly Argument PlainDirectory = Argument.OpenHow(Path | OpenFlags.O_DIRECTORY, Plain);

    /// <summary>The multiplexer in a verified devpts and nothing that is mounted over it; it becomes nobody's controlling terminal.</summary>
    public static readonly Argument Terminal = Argument.OpenHow(
        OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC,
        ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV
    );

    /// <summary>A file of a verified procfs, for writing, and nothing that is mounted over it.</summary>
    public static readonly Argument ParameterForWriting = Argument.OpenHow(
        OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC,
        ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_XDEV
    );

    /// <summary>Whatever is there, from the working directory or the root, and nothing behind a magic link; only to see it.</summary>
    public static readonly Argument Look = Argument.OpenHow(Path, ResolveFlags.RESOLVE_NO_MAGICLINKS);
}
