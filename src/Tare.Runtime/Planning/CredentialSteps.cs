using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>
/// Who the program is and what it may: capabilities(7), in the order that the kernel's rules ask for. The bounding set is
/// dropped while CAP_SETPCAP is there, the user changes with the permitted set kept, the sets follow.
/// </summary>
internal static class CredentialSteps
{
    /// <summary>What the step that sets the program's capabilities is for.</summary>
    public const string CapabilityWords = "set the capabilities";

    private const long NoId = 0xFFFF_FFFF;

    /// <summary>Writes all credentials and the working directory, which belongs between them.</summary>
    public static void Write(PlanState state)
    {
        JoinKeyring(state);
        WritePlace(state, WriteRights(state, entersEarly: true));
    }

    /// <summary>Gives the program a session keyring of its own, with its SELinux context if it has one.</summary>
    public static void JoinKeyring(PlanState state)
    {
        state.Plan.Group("credentials");
        if (state.Context.Keyring is not { } keyring)
        {
            return;
        }

        LabelSteps.LabelKeys(state, state.Process.SelinuxLabel);
        KeyringCalls.JoinSession(state.Plan, keyring, Errno.ENOSYS);
        if (state.Process.SelinuxLabel is not null)
        {
            LabelSteps.LabelKeys(state, "");
        }
    }

    /// <summary>Writes who the program is and what it may.</summary>
    /// <param name="state">The plan.</param>
    /// <param name="entersEarly">Root tries to enter the working directory before another user does.</param>
    /// <returns>Whether root could enter the working directory; null where that was not tried.</returns>
    public static Slot? WriteRights(PlanState state, bool entersEarly)
    {
        LaunchPlanBuilder plan = state.Plan;
        ValidatedProcess process = state.Process;
        CapabilitySets sets = process.Capabilities;
        plan.Group("credentials");

        // From here on processes of other containers may have the same rights, and what they may see they may trace.
        ProcessCalls.CloseToPtrace(plan);
        if (process.NoNewPrivileges)
        {
            ProcessCalls.SetNoNewPrivileges(plan);
        }

        CapabilityCalls.DropBounding(plan, sets.Bounding);
        bool filters = SeccompSteps.NeedPrivileges(state);
        bool keeps = process.Uid != 0 && ((sets.Permitted | sets.Inheritable) != 0 || filters);
        if (keeps)
        {
            plan.Call("keep capabilities", Syscall.prctl, Argument.Flags(PrctlOption.PR_SET_KEEPCAPS), 1);
        }

        Slot? early = process.Uid != 0 && entersEarly ? WorkingDirectorySteps.TryEarly(state) : null;
        SetGroups(state);
        plan.Call("set the group", Syscall.setresgid, process.Gid, process.Gid, process.Gid);
        plan.Call("set the user", Syscall.setresuid, process.Uid, process.Uid, process.Uid);
        if (filters)
        {
            LoadFilter(state);
        }

        CapabilityCalls.Set(plan, CapabilityWords, sets);
        CapabilityCalls.RaiseAmbient(plan, sets.Ambient);
        return early;
    }

    /// <summary>Writes where the program starts, and the mask of the files that it creates.</summary>
    /// <param name="state">The plan.</param>
    /// <param name="early">What <see cref="WriteRights"/> returned, if it has been written before.</param>
    public static void WritePlace(PlanState state, Slot? early)
    {
        LaunchPlanBuilder plan = state.Plan;
        WorkingDirectorySteps.Enter(state, early);
        if (state.Process.Umask is { } umask)
        {
            plan.Call("set the umask", Syscall.umask, Argument.Number(umask, ArgumentFormat.Octal));
        }
        else if (state.Umask is { } before)
        {
            plan.Call("restore the umask", Syscall.umask, before);
        }
    }

    /// <summary>Pipes on the standard streams become the program's user's, so that it can open them again by name.</summary>
    public static void GiveStreams(PlanState state)
    {
        if (state.Process.Uid == 0)
        {
            return;
        }

        LaunchPlanBuilder plan = state.Plan;
        plan.Group("credentials");
        for (int i = 0; i < 3; i++)
        {
            const string Words = "give the standard streams to the user";
            Label next = plan.NewLabel("the stream is no pipe");
            plan.Add(
                new CallStep(
                    Words,
                    Syscall.statx,
                    [
                        i,
                        "",
                        Argument.Flags(AtFlags.AT_EMPTY_PATH),
                        Argument.Flags(StatXMask.STATX_TYPE),
                        state.FileStatus,
                    ]
                )
                {
                    Branches = [new Branch(Errno.EBADF, next)],
                }
            );
            plan.Add(
                new CheckStep(
                    Words,
                    state.FileStatus,
                    StatusLayout.Mode,
                    2,
                    (ulong)FileModes.S_IFMT,
                    (ulong)FileModes.S_IFIFO
                )
                {
                    Otherwise = next,
                }
            );
            plan.Add(
                new CallStep(Words, Syscall.fchown, [i, state.Process.Uid, NoId])
                {
                    // A pipe of a user outside of the namespace stays that user's.
                    Tolerated = [Errno.EPERM, Errno.EINVAL, Errno.EROFS],
                }
            );
            plan.Place(next);
        }
    }

    /// <summary>Ends the program with the launcher, if that is asked for.</summary>
    public static void DieWithLauncher(PlanState state)
    {
        if (!state.Context.DieWithLauncher)
        {
            return;
        }

        ProcessCalls.DieWithLauncher(state.Plan);
    }

    // Another user than root has kept its capabilities and does not use them until it says so.
    private static void LoadFilter(PlanState state)
    {
        const ulong Needed = 1UL << (int)Capability.CAP_SYS_ADMIN;
        CapabilitySets sets = state.Process.Capabilities;
        if (state.Process.Uid != 0)
        {
            sets = sets with { Effective = Needed, Permitted = sets.Permitted | Needed };
            CapabilityCalls.Set(state.Plan, "use CAP_SYS_ADMIN for the seccomp filter", sets);
        }

        SeccompSteps.Load(state);
        state.Plan.Group("credentials");
    }

    private static void SetGroups(PlanState state)
    {
        ValidatedProcess process = state.Process;
        if (state.Context.SetgroupsDenied)
        {
            return;
        }

        uint[] groups = [.. process.AdditionalGids];
        state.Plan.Add(
            new CallStep(
                "set the supplementary groups",
                Syscall.setgroups,
                [
                    groups.Length,
                    groups.Length == 0 ? Argument.Null : Argument.Struct(MemoryMarshal.AsBytes<uint>(groups)),
                ]
            )
            {
                // A user namespace that an ordinary user joins may forbid it: the groups are that user's own.
                Tolerated = groups.Length == 0 && !state.Context.Privileged ? [Errno.EPERM] : [],
            }
        );
    }
}
