using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Which arguments of which calls are paths, and what the call does with them. The calls' manual pages.</summary>
internal static class CallPaths
{
    private const RecordedAccess Look = RecordedAccess.Look;
    private const RecordedAccess Attributes = RecordedAccess.Attributes;

    /// <summary>The paths of a call.</summary>
    /// <param name="name">The call.</param>
    /// <param name="arguments">Its six arguments.</param>
    /// <param name="openFlags">The flags of openat2, which lie in memory.</param>
    public static PathUse[] Of(string name, ReadOnlySpan<ulong> arguments, ulong openFlags) =>
        name switch
        {
            "open" => [PathUse.Open(-1, 0, Flags(arguments[1]))],
            "creat" => [PathUse.Open(-1, 0, OpenFlags.O_CREAT | OpenFlags.O_WRONLY | OpenFlags.O_TRUNC)],
            "openat" => [PathUse.Open(0, 1, Flags(arguments[2]))],
            "openat2" => [PathUse.Open(0, 1, Flags(openFlags))],
            "truncate" or "truncate64" => [new(-1, 0, RecordedAccess.Write)],
            "execve" => [new(-1, 0, RecordedAccess.Execute)],
            "execveat" => [PathUse.At(0, 1, RecordedAccess.Execute, arguments[4])],
            "stat" or "stat64" or "access" or "chdir" or "statfs" or "statfs64" or "getxattr" or "listxattr" =>
            [
                new(-1, 0, Look),
            ],
            "lstat" or "lstat64" or "readlink" or "lgetxattr" or "llistxattr" => [new(-1, 0, Look) { NoFollow = true }],
            "chroot" or "umount" or "umount2" or "acct" or "swapon" or "swapoff" => [new(-1, 0, Look)],
            "newfstatat" or "fstatat64" or "faccessat2" => [PathUse.At(0, 1, Look, arguments[3])],
            "statx" or "open_tree" or "open_tree_attr" or "getxattrat" or "listxattrat" =>
            [
                PathUse.At(0, 1, Look, arguments[2]),
            ],
            "file_getattr" => [PathUse.At(0, 1, Look, arguments[4])],
            "faccessat" => [new(0, 1, Look)],
            "readlinkat" => [new(0, 1, Look) { NoFollow = true }],
            "inotify_add_watch" => [new(-1, 1, Look)],
            "mount" => [new(-1, 1, Look)],
            "pivot_root" => [new(-1, 0, Look), new(-1, 1, Look)],
            "chmod" or "chown" or "chown32" or "utime" or "utimes" or "setxattr" or "removexattr" =>
            [
                new(-1, 0, Attributes),
            ],
            "lchown" or "lchown32" or "lsetxattr" or "lremovexattr" => [new(-1, 0, Attributes) { NoFollow = true }],
            "fchmodat" or "futimesat" => [new(0, 1, Attributes)],
            "fchmodat2" or "utimensat" or "utimensat_time64" => [PathUse.At(0, 1, Attributes, arguments[3])],
            "setxattrat" or "removexattrat" => [PathUse.At(0, 1, Attributes, arguments[2])],
            "fchownat" or "file_setattr" => [PathUse.At(0, 1, Attributes, arguments[4])],
            _ => Changing(name, arguments),
        };

    private static PathUse[] Changing(string name, ReadOnlySpan<ulong> arguments) =>
        name switch
        {
            "mkdir" => [Making(-1, 0, RecordedAccess.MakeDirectory)],
            "mkdirat" => [Making(0, 1, RecordedAccess.MakeDirectory)],
            "mknod" => [Making(-1, 0, Node(arguments[1]))],
            "mknodat" => [Making(0, 1, Node(arguments[2]))],
            "symlink" => [Making(-1, 1, RecordedAccess.MakeSymbolicLink)],
            "symlinkat" => [Making(1, 2, RecordedAccess.MakeSymbolicLink)],
            "rmdir" => [Removing(-1, 0, RecordedAccess.RemoveDirectory)],
            "unlink" => [Removing(-1, 0, RecordedAccess.Remove)],
            "unlinkat" =>
            [
                Removing(
                    0,
                    1,
                    ((AtFlags)arguments[2] & AtFlags.AT_REMOVEDIR) != 0
                        ? RecordedAccess.RemoveDirectory
                        : RecordedAccess.Remove
                ),
            ],
            "rename" => Renaming(-1, 0, -1, 1, 0),
            "renameat" => Renaming(0, 1, 2, 3, 0),
            "renameat2" => Renaming(0, 1, 2, 3, arguments[4]),
            "link" => Linking(-1, 0, -1, 1),
            "linkat" => Linking(0, 1, 2, 3),
            _ => [],
        };

    private static PathUse Making(int directory, int path, RecordedAccess access) =>
        new(directory, path, access) { NoFollow = true };

    private static PathUse Removing(int directory, int path, RecordedAccess access) =>
        new(directory, path, access) { NoFollow = true, Removes = true };

    // What is replaced is removed. The observer finds out whether a directory is moved, and whether to another one.
    private static PathUse[] Renaming(int fromDirectory, int from, int toDirectory, int to, ulong flags)
    {
        const ulong Exchange = 2; // RENAME_EXCHANGE
        bool swaps = (flags & Exchange) != 0;
        return
        [
            Removing(fromDirectory, from, RecordedAccess.Remove) with
            {
                MakesSame = swaps,
            },
            Removing(toDirectory, to, RecordedAccess.None) with
            {
                MakesSame = true,
            },
        ];
    }

    private static PathUse[] Linking(int fromDirectory, int from, int toDirectory, int to) =>
        [
            new(fromDirectory, from, RecordedAccess.Look) { NoFollow = true },
            new(toDirectory, to, RecordedAccess.None) { NoFollow = true, MakesSame = true },
        ];

    private static RecordedAccess Node(ulong mode) =>
        ((FileModes)mode & FileModes.S_IFMT) switch
        {
            FileModes.S_IFCHR => RecordedAccess.MakeCharacterDevice,
            FileModes.S_IFBLK => RecordedAccess.MakeBlockDevice,
            FileModes.S_IFIFO => RecordedAccess.MakePipe,
            FileModes.S_IFSOCK => RecordedAccess.MakeSocket,
            _ => RecordedAccess.MakeFile,
        };

    private static OpenFlags Flags(ulong word) =>
        OpenFlagsTable.From(
            (uint)word,
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64
                ? CpuArchitecture.Arm64
                : CpuArchitecture.X64
        );
}
