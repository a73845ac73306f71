using System.Collections.Immutable;
using Tare.Launch;
using Tare.Launch.Calls;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>Begins planned launches: opens what the plan takes in, and answers its first gate.</summary>
public static class ContainerLaunch
{
    /// <summary>
    /// Begins a launch. Where the plan waits for the maps of its user namespace they have been written when this returns;
    /// a gate before the program is left to the caller.
    /// </summary>
    /// <param name="planned">The plan.</param>
    /// <param name="handles">What the plan takes in.</param>
    /// <param name="maps">The maps of its user namespace, if it makes one.</param>
    /// <param name="options">How it is launched.</param>
    /// <param name="enterCgroup">Has the process, whose number it is given, moved to its cgroup, if the plan waits for that.</param>
    /// <exception cref="LaunchException">A step failed. Nothing is left of the launch.</exception>
    /// <exception cref="KernelException">Something that the plan takes in cannot be had.</exception>
    /// <exception cref="ContainerException">The maps cannot be written.</exception>
    public static PendingLaunch Begin(
        PlannedLaunch planned,
        LaunchHandles handles,
        UserNamespaceMaps? maps = null,
        LaunchOptions? options = null,
        Action<int>? enterCgroup = null
    )
    {
        List<FileDescriptor> opened = [];
        try
        {
            LaunchInputs inputs = Fill(planned.Inputs, handles, opened);
            PendingLaunch launch = Launcher.Begin(planned.Plan, inputs, options);
            try
            {
                if (planned.Gates.Cgroup is { } outside)
                {
                    launch.WaitForGate(outside);
                    (enterCgroup ?? throw new ArgumentNullException(nameof(enterCgroup)))(launch.ProcessId);
                    launch.OpenGate();
                }

                if (planned.Gates.Mappings is { } gate)
                {
                    launch.WaitForGate(gate);
                    (maps ?? throw new ArgumentNullException(nameof(maps))).Write(launch.ProcessId);
                    Raise(planned.Limits, launch.ProcessId);
                    launch.OpenGate();
                }

                return launch;
            }
            catch
            {
                launch.Dispose();
                throw;
            }
        }
        finally
        {
            foreach (FileDescriptor descriptor in opened)
            {
                descriptor.Dispose();
            }
        }
    }

    // Only as far as it must be. Where even this process may not, the step that sets the limit says so.
    private static void Raise(ImmutableArray<ValidatedRlimit> limits, int processId)
    {
        foreach (ValidatedRlimit limit in limits)
        {
            SysResult<RLimit64> present = ResourceLimits.Get(limit.Resource, processId);
            if (present.Ok && limit.Hard > present.Value.Maximum)
            {
                RLimit64 raised = present.Value with { Maximum = limit.Hard };
                ResourceLimits.Set(limit.Resource, raised, processId);
            }
        }
    }

    // What is opened here the child has inherited once it is made, so it is closed again.
    private static LaunchInputs Fill(PlannedInputs wanted, LaunchHandles given, List<FileDescriptor> opened)
    {
        LaunchInputs inputs = new();
        if (wanted.CgroupDirectory is { } cgroup)
        {
            inputs.Add(cgroup, Keep(opened, given.Cgroup!.OpenUnified()!));
        }

        if (!wanted.CgroupProcs.IsDefaultOrEmpty)
        {
            IReadOnlyList<FileFd> entrances = given.Cgroup!.OpenEntrances();
            opened.AddRange(entrances);
            for (int i = 0; i < wanted.CgroupProcs.Length; i++)
            {
                inputs.Add(wanted.CgroupProcs[i], entrances[i]);
            }
        }

        if (!wanted.ResctrlTasks.IsDefaultOrEmpty)
        {
            IReadOnlyList<FileFd> entrances = given.Resctrl!.OpenEntrances();
            opened.AddRange(entrances);
            for (int i = 0; i < wanted.ResctrlTasks.Length; i++)
            {
                inputs.Add(wanted.ResctrlTasks[i], entrances[i]);
            }
        }

        foreach (NamespaceInput ns in wanted.Namespaces)
        {
            inputs.Add(ns.Slot, Keep(opened, OpenNamespace(ns)));
        }

        foreach (GivenMountInput mount in wanted.GivenMounts)
        {
            inputs.Add(mount.Slot, Keep(opened, GivenMounts.Make(mount)));
        }

        for (int i = 0; i < wanted.Streams.Length; i++)
        {
            inputs.Add(wanted.Streams[i], given.Streams[i]);
        }

        if (wanted.InitImage is { } image)
        {
            MemoryFd program = MemFds
                .CreateExecutable("tare-init", InitImage.ForThisMachine())
                .OrThrow("make the init process's program");
            inputs.Add(image, Keep(opened, program));
        }

        foreach (Slot place in wanted.Places)
        {
            inputs.Add(place, Keep(opened, EventFds.Create(0).OrThrow("make an eventfd for the launch")));
        }

        Add(inputs, wanted.ContainerProcess, given.ContainerProcess);
        Add(inputs, wanted.Landlock, given.Landlock);
        Add(inputs, wanted.ConsoleSocket, given.ConsoleSocket);
        Add(inputs, wanted.CopyUpSocket, given.CopyUpSocket);
        Add(inputs, wanted.Mark, given.Mark);
        Add(inputs, wanted.StartFifo, given.StartFifo);
        Add(inputs, wanted.ListenerSocket, given.ListenerSocket);
        Add(inputs, wanted.FailureReport, given.FailureReport);
        return inputs;
    }

    private static void Add(LaunchInputs inputs, Slot? slot, FileDescriptor? handle)
    {
        if (slot is not null)
        {
            inputs.Add(slot, handle ?? throw new ArgumentException($"the plan needs {slot}"));
        }
    }

    private static T Keep<T>(List<FileDescriptor> opened, T descriptor)
        where T : FileDescriptor
    {
        opened.Add(descriptor);
        return descriptor;
    }

    private static NamespaceFd OpenNamespace(NamespaceInput ns)
    {
        NamespaceFd opened = Namespaces
            .OpenPath(ns.Path)
            .OrThrow(
                "open the namespace",
                ns.Path,
                "linux.namespaces: name a file of /proc/PID/ns, or one bound to it"
            );
        SysResult<CloneFlags> kind = Namespaces.KindOf(opened);
        if (kind.Ok && kind.Value == ns.Kind)
        {
            return opened;
        }

        opened.Dispose();
        throw new ContainerException(
            $"join the namespace '{ns.Path}': EINVAL (it is no {NamespaceKinds.NameOf(ns.Kind)} namespace)"
        );
    }
}
