using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>Kernel parameters of the container's namespaces, written through a procfs that has been verified.</summary>
internal static class SysctlSteps
{
    private const string Group = "kernel parameters";

    /// <summary>
    /// Makes the procfs that the parameters are written through while the host's is there to be seen, where there must be
    /// one of its own and a user namespace could not make it later.
    /// </summary>
    public static void Prepare(PlanState state, ValidatedSpec spec)
    {
        bool given = spec.Mounts.Any(mount => mount.Destination == HiddenPaths.Proc);
        if (!spec.Sysctls.IsEmpty && !given && state.InUserNamespace(spec))
        {
            state.Plan.Group(Group);
            state.PrivateProc = PrivateProc(state);
        }
    }

    /// <summary>Writes all parameters.</summary>
    public static void Write(PlanState state, ValidatedSpec spec)
    {
        if (spec.Sysctls.IsEmpty)
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group(Group);
        Slot proc = state.Proc ?? state.PrivateProc ?? PrivateProc(state);
        foreach (ValidatedSysctl sysctl in spec.Sysctls)
        {
            string words = $"set the kernel parameter '{sysctl.Key}'";
            byte[] value = System.Text.Encoding.UTF8.GetBytes(sysctl.Value);
            Slot file = plan.NewSlot(sysctl.Key);
            state.Open(file, words, proc, "sys/" + sysctl.Path, How.ParameterForWriting);
            plan.Call(words, Syscall.write, file, Argument.Struct(value), value.Length);
        }
    }

    // A procfs that is attached nowhere, for containers without one.
    private static Slot PrivateProc(PlanState state) =>
        MountCalls.MakeProc(
            state.Plan,
            "make a private procfs",
            "a private procfs",
            MountAttributeFlags.MOUNT_ATTR_NOSUID
                | MountAttributeFlags.MOUNT_ATTR_NODEV
                | MountAttributeFlags.MOUNT_ATTR_NOEXEC
        );
}
