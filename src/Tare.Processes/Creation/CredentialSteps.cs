using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The part of a plan that says who a process is and what it may: capabilities(7), in the order that the kernel's rules ask for.</summary>
internal sealed class CredentialSteps(LaunchPlanBuilder plan, ProcessStartOptions options)
{
    /// <summary>Writes the steps.</summary>
    public void Write()
    {
        if (options.NewSessionKeyring)
        {
            plan.Group(nameof(ProcessStartOptions.NewSessionKeyring));
            KeyringCalls.JoinSession(plan);
        }

        if (options.NoNewPrivileges)
        {
            plan.Group(nameof(ProcessStartOptions.NoNewPrivileges));
            ProcessCalls.SetNoNewPrivileges(plan);
        }

        plan.Group(nameof(ProcessStartOptions.Capabilities));
        if (options.Capabilities is { } sets)
        {
            CapabilityCalls.DropBounding(plan, sets.Bounding);
        }

        SetUser();
        if (options.Capabilities is { } capabilities)
        {
            plan.Group(nameof(ProcessStartOptions.Capabilities));
            CapabilityCalls.Set(plan, "set the capabilities", capabilities);
            CapabilityCalls.RaiseAmbient(plan, capabilities.Ambient);
        }
    }

    private void SetUser()
    {
        if (options.SecureBits is { } bits)
        {
            plan.Group(nameof(ProcessStartOptions.SecureBits));
            plan.Call(
                "set the secure bits",
                Syscall.prctl,
                Argument.Flags(PrctlOption.PR_SET_SECUREBITS),
                Argument.Flags(bits)
            );
        }

        if (options.Credentials is not { } credentials)
        {
            return;
        }

        plan.Group(nameof(ProcessStartOptions.Credentials));
        if (credentials.UserId != 0 && options.Capabilities is { Permitted: not 0 } or { Inheritable: not 0 })
        {
            plan.Call("keep capabilities", Syscall.prctl, Argument.Flags(PrctlOption.PR_SET_KEEPCAPS), 1);
        }

        if (!credentials.KeepSupplementaryGroups)
        {
            uint[] groups = [.. credentials.SupplementaryGroups];
            plan.Call(
                "set the supplementary groups",
                Syscall.setgroups,
                groups.Length,
                groups.Length == 0 ? Argument.Null : Argument.Struct(MemoryMarshal.AsBytes<uint>(groups))
            );
        }

        (uint user, uint group) = (credentials.UserId, credentials.GroupId);
        plan.Call($"set the group {group}", Syscall.setresgid, group, group, group);
        plan.Call($"set the user {user}", Syscall.setresuid, user, user, user);
    }
}
