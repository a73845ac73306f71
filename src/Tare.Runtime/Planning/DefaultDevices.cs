using System.Collections.Immutable;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>The device files that every container has. config-linux.md, "Default Devices".</summary>
internal static class DefaultDevices
{
    public static readonly ContainerPath Dev = ContainerPath.Root.Child("dev");

    public static readonly ContainerPath TerminalMaker = Dev.Child("ptmx");

    public static readonly ImmutableArray<ValidatedDevice> All =
    [
        Memory("null", 3),
        Memory("zero", 5),
        Memory("full", 7),
        Memory("random", 8),
        Memory("urandom", 9),
        Device("tty", 5, 0),
    ];

    private static ValidatedDevice Memory(string name, uint minor) => Device(name, 1, minor);

    private static ValidatedDevice Device(string name, uint major, uint minor) =>
        new(Dev.Child(name), FileModes.S_IFCHR, major, minor, Mode: 0x1B6, Uid: 0, Gid: 0);
}
