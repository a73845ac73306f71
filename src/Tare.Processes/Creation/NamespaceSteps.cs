using System.Runtime.InteropServices;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The part of a plan that makes and joins namespaces, and the processes that this takes.</summary>
internal sealed class NamespaceSteps(
    LaunchPlanBuilder plan,
    ProcessStartOptions options,
    Func<string, FileDescriptor, Slot> input
)
{
    /// <summary>Writes the steps.</summary>
    /// <returns>The gate at which the maps of the user namespace are waited for, or 0.</returns>
    public int Write()
    {
        int mapGate = 0;
        ProcessNamespaces namespaces = options.Namespaces;
        plan.Group(nameof(ProcessStartOptions.Namespaces));
        foreach (NamespaceFd joined in namespaces.Joined)
        {
            plan.Call("join a namespace", Syscall.setns, input("a namespace", joined), 0);
        }

        if (!options.ProcessIds.IsDefaultOrEmpty)
        {
            ReadOnlySpan<byte> numbers = MemoryMarshal.AsBytes(options.ProcessIds.AsSpan());
            plan.ProcessIds = plan.NewScratch("the process's numbers", numbers);
        }

        // Of a clone's new namespaces the user namespace is the owner. A time namespace is entered by execve only.
        plan.CloneFlags =
            namespaces.New & ~(CloneFlags.CLONE_NEWTIME | (options.Init ? CloneFlags.CLONE_NEWPID : CloneFlags.None));
        if ((namespaces.New & CloneFlags.CLONE_NEWUSER) != 0)
        {
            if (namespaces.Users.IsEmpty)
            {
                UserMapCalls.WriteOwn(
                    plan,
                    (namespaces.Own.User, Credentials.GetEffectiveUid()),
                    (namespaces.Own.Group, Credentials.GetEffectiveGid())
                );
            }
            else
            {
                mapGate = plan.Gate("wait for the user namespace's maps");
                if (
                    namespaces.Groups.Any(range => range.Inside == 0)
                    && namespaces.Users.Any(range => range.Inside == 0)
                )
                {
                    plan.Call("become the namespace's group", Syscall.setresgid, 0, 0, 0);
                    plan.Call("become the namespace's user", Syscall.setresuid, 0, 0, 0);
                }
            }
        }

        if (options.Init)
        {
            InitCalls.Add(plan, input("the init process's program", CompanionProgram.Init), onlyWaits: true);

            // What this process closes while it waits to be resumed is closed in the one that made it too.
            plan.Add(new SpawnStep("create the process beside the init process", CloneFlags.CLONE_FILES));
        }

        if ((namespaces.New & CloneFlags.CLONE_NEWTIME) != 0)
        {
            plan.Call("make a time namespace", Syscall.unshare, Argument.Flags(CloneFlags.CLONE_NEWTIME));
            SetOffset("monotonic", namespaces.MonotonicOffset);
            SetOffset("boottime", namespaces.BootTimeOffset);
        }

        if (namespaces.HostName is { } host)
        {
            NamespaceSettingCalls.SetHostName(plan, host);
        }

        if (namespaces.DomainName is { } domain)
        {
            NamespaceSettingCalls.SetDomainName(plan, domain);
        }

        foreach ((string name, string value) in namespaces.Parameters)
        {
            NamespaceSettingCalls.SetParameter(plan, name, value);
        }

        if (!namespaces.Joined.IsEmpty)
        {
            // A PID namespace is entered by the next process only.
            if (plan.ProcessIds is not null)
            {
                plan.Group(nameof(ProcessStartOptions.ProcessIds));
            }

            plan.Add(new SpawnStep("create the process in the namespaces", CloneFlags.None));
        }

        return mapGate;
    }

    private void SetOffset(string clock, TimeSpan? offset)
    {
        if (offset is { } ahead)
        {
            NamespaceSettingCalls.SetOffset(plan, clock, ahead);
        }
    }
}
