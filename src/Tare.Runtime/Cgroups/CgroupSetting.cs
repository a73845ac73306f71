using Tare.Linux.Abi;

namespace Tare.Runtime.Cgroups;

/// <summary>A value to be written to a file of a cgroup. Pure data: what is asked for, before anything is done.</summary>
/// <param name="Controller">The controller whose file it is.</param>
/// <param name="File">The file's name.</param>
/// <param name="Value">What is written.</param>
/// <param name="Property">The property of config.json that asks for it.</param>
public readonly record struct CgroupSetting(string Controller, string File, string Value, string Property)
{
    /// <summary>A kernel without this file ignores nothing that was asked for: the value is the one it has anyway.</summary>
    public bool Optional { get; init; }

    /// <summary>
    /// The same setting where the kernel has no such file: another file, or another value in another file. Tried once.
    /// </summary>
    public (string File, string Value)? Otherwise { get; init; }

    /// <summary>What asks for the value, and why the kernel does not take it.</summary>
    public string Refusal(Errno errno) =>
        errno switch
        {
            Errno.ENOENT => $"{Property}: this kernel has no '{File}'",
            Errno.EINVAL => $"{Property}: it is no such value, or does not go with the other limits of the group",
            Errno.ERANGE => $"{Property}: this machine has less",
            Errno.EBUSY => $"{Property}: more is in use (give more, or end processes)",
            Errno.ENODEV or Errno.ENXIO => $"{Property}: this machine has no such device",
            Errno.EOPNOTSUPP => $"{Property}: the kernel cannot do so for this device, or at all",
            _ => Property,
        };
}
