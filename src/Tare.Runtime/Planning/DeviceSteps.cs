using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Device files and the links of /dev. With the privilege they are made; in a user namespace, where the kernel makes none,
/// the host's are bound. A device that is there already must be the right one.
/// </summary>
internal static class DeviceSteps
{
    private const string Group = "devices";
    private const OpenFlags Look = OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;

    /// <summary>The default devices and the specification's own, which go before default ones of the same path.</summary>
    /// <remarks>
    /// Not /dev/ptmx, which is a link to the container's own devpts in every case: engines list it among all of the host's
    /// devices for a privileged container.
    /// </remarks>
    public static List<ValidatedDevice> Choose(ValidatedSpec spec)
    {
        List<ValidatedDevice> devices = new(DefaultDevices.All.Length + spec.Devices.Length);
        foreach (ValidatedDevice device in DefaultDevices.All)
        {
            if (!Contains(spec, device.Path))
            {
                devices.Add(device);
            }
        }

        foreach (ValidatedDevice device in spec.Devices)
        {
            if (device.Path != DefaultDevices.TerminalMaker)
            {
                devices.Add(device);
            }
        }

        return devices;
    }

    /// <summary>The specification brings a /dev of its own by binding one; nothing is added to it.</summary>
    public static bool IsDevGiven(ValidatedSpec spec)
    {
        foreach (ValidatedMount mount in spec.Mounts)
        {
            if (mount.Kind == MountKind.Bind && mount.Destination == DefaultDevices.Dev)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Picks the host's devices where they have to be bound; called while the host's tree is visible.</summary>
    public static Slot?[] Pick(PlanState state, ValidatedSpec spec, List<ValidatedDevice> devices)
    {
        Slot?[] sources = new Slot?[devices.Count];
        if (!state.InUserNamespace(spec))
        {
            return sources;
        }

        state.Plan.Group(Group);
        for (int i = 0; i < sources.Length; i++)
        {
            ValidatedDevice device = devices[i];
            if (device.Type != FileModes.S_IFIFO)
            {
                string path = device.Path.ToString();
                sources[i] = SourceSteps.Pick(state, path, deep: false);
                Checks.IsDevice(state, sources[i]!, device.Type, device.Major, device.Minor, path);
            }
        }

        return sources;
    }

    /// <summary>Writes the devices.</summary>
    public static void Write(PlanState state, List<ValidatedDevice> devices, Slot?[] sources)
    {
        state.Plan.Group(Group);
        for (int i = 0; i < sources.Length; i++)
        {
            ValidatedDevice device = devices[i];
            ContainerPath directory = device.Path.Parent;
            bool inDev = directory == DefaultDevices.Dev;
            Slot parent = inDev ? state.Dev! : Destinations.Directory(state, directory);
            bool isFresh = inDev && state.IsDevFresh;
            if (sources[i] is { } source)
            {
                Bind(state, device, parent, source);
            }
            else
            {
                Make(state, device, parent, isFresh);
            }
        }
    }

    /// <summary>Writes the links that programs expect in /dev.</summary>
    public static void Link(PlanState state)
    {
        state.Plan.Group(Group);
        Link(state, "fd", "/proc/self/fd");
        Link(state, "stdin", "/proc/self/fd/0");
        Link(state, "stdout", "/proc/self/fd/1");
        Link(state, "stderr", "/proc/self/fd/2");
        if (!state.IsDevFresh)
        {
            state.Plan.Add(
                new CallStep("remove '/dev/ptmx'", Syscall.unlinkat, [state.Dev!, "ptmx", Argument.Null])
                {
                    Tolerated = [Errno.ENOENT],
                }
            );
        }

        Link(state, "ptmx", "pts/ptmx");
    }

    private static bool Contains(ValidatedSpec spec, ContainerPath path)
    {
        foreach (ValidatedDevice device in spec.Devices)
        {
            if (device.Path == path)
            {
                return true;
            }
        }

        return false;
    }

    private static void Link(PlanState state, string name, string target) =>
        state.Plan.Add(
            new CallStep($"link '/dev/{name}'", Syscall.symlinkat, [target, state.Dev!, name])
            {
                Tolerated = state.IsDevFresh ? [] : [Errno.EEXIST],
            }
        );

    private static void Make(PlanState state, ValidatedDevice device, Slot parent, bool isFresh)
    {
        LaunchPlanBuilder plan = state.Plan;
        string name = device.Path.Name;
        plan.Add(
            new CallStep(
                $"create the device '{device.Path}'",
                Syscall.mknodat,
                [
                    parent,
                    name,
                    Argument.Number((uint)device.Type | device.Mode, ArgumentFormat.Octal),
                    Argument.Number(NumberOf(device), ArgumentFormat.Hex),
                ]
            )
            {
                Tolerated = isFresh ? [] : [Errno.EEXIST],
            }
        );
        bool owned = device.Uid != 0 || device.Gid != 0;
        if (isFresh && !owned)
        {
            return;
        }

        // Whoever else may change the directory: what is looked at is what gets the owner.
        Slot file = plan.NewSlot(device.Path.ToString());
        plan.CallInto(file, $"open '{device.Path}'", Syscall.openat, parent, name, Argument.Flags(Look));
        Checks.IsDevice(state, file, device.Type, device.Major, device.Minor, device.Path.ToString());
        if (owned)
        {
            plan.Call(
                $"set the owner of '{device.Path}'",
                Syscall.fchownat,
                file,
                "",
                device.Uid,
                device.Gid,
                Argument.Flags(AtFlags.AT_EMPTY_PATH)
            );
        }
    }

    private static void Bind(PlanState state, ValidatedDevice device, Slot parent, Slot source)
    {
        LaunchPlanBuilder plan = state.Plan;
        string name = device.Path.Name;
        plan.Add(
            new CallStep(
                $"create the file '{device.Path}'",
                Syscall.mknodat,
                [parent, name, Argument.Number((uint)FileModes.S_IFREG, ArgumentFormat.Octal), Argument.Null]
            )
            {
                Tolerated = [Errno.EEXIST],
            }
        );

        // Without MOVE_MOUNT_T_SYMLINKS the last name is not followed.
        plan.Call(
            $"bind the host's '{device.Path}'",
            Syscall.move_mount,
            source,
            "",
            parent,
            name,
            Argument.Flags(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH)
        );
    }

    // As the kernel takes device numbers: 12 bits of major between the two parts of minor. linux/kdev_t.h.
    private static long NumberOf(ValidatedDevice device) =>
        (device.Minor & 0xFF) | (device.Major << 8) | ((long)(device.Minor & ~0xFFu) << 12);
}
