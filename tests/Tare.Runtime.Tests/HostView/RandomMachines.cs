using CsCheck;
using Tare.Runtime.HostView;

namespace Tare.Runtime.Tests.HostView;

/// <summary>Views of machines that chance made.</summary>
internal static class RandomMachines
{
    private static readonly string[] Directories =
    [
        "/tmp",
        "/tmp/work",
        "/tmp/a/b",
        "/home/u",
        "/home/u/src",
        "/srv",
        "/srv/a:b,c",
        "/proc",
        "/run",
        "/etc/hosts",
    ];

    private static readonly string[] Types = ["ext4", "tmpfs", "overlay", "proc", "nfs"];

    /// <summary>Views for root and for an ordinary user.</summary>
    public static Gen<HostLayout> Layouts { get; } =
        Gen.Select(
            Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4], Gen.Bool).Array[0, 6],
            Gen.Bool,
            Gen.Int[0, 9],
            Gen.Int[0, 9],
            Gen.Int[0, 1000],
            Make
        );

    private static HostLayout Make(
        (int Path, int Type, bool Flag)[] mounts,
        bool isPrivileged,
        int workingDirectory,
        int home,
        int owners
    )
    {
        MadeUpMachine machine = new();
        foreach ((int path, int type, bool flag) in mounts.DistinctBy(mount => mount.Path))
        {
            machine.Mount(Directories[path], Types[type], readOnly: flag, noExec: !flag);
        }

        for (int i = 0; i < Directories.Length; i++)
        {
            bool isFile = Directories[i] == "/etc/hosts";
            machine.Put(Directories[i], ((owners >> i) & 1) == 0 ? 0u : 1000, !isFile, isReadable: i != owners % 10);
        }

        return isPrivileged
            ? machine.ForRoot(Directories[workingDirectory])
            : machine.ForUser(Directories[workingDirectory], Directories[home]);
    }
}
