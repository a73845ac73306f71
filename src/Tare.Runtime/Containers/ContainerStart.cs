using System.Buffers.Binary;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Cgroups;
using Tare.Runtime.Diagnosis;
using Tare.Runtime.Hooks;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Containers;

/// <summary>
/// Starts a created container: a byte into the FIFO that it reads, then a look at the FIFO that it holds open until it
/// executes its program, and writes to where that fails.
/// </summary>
internal static class ContainerStart
{
    private const int ReportSize = 16;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    /// <summary>Runs the hooks around it too. Preconditions: the state is locked, the container waits.</summary>
    /// <exception cref="ContainerException">
    /// The program cannot be executed, or a hook failed; in the second case the container has been deleted.
    /// </exception>
    public static void Start(StateDirectory state, ContainerRecord record)
    {
        using PidFd? process = ContainerProcess.TryOpen(record);
        ContainerHooks hooks = ContainerHooks.Of(state, record);
        if (process is not null && hooks.HaveStartContainer)
        {
            OrDelete(state, record, () => RunInside(hooks, process, record));
        }

        LetGo(state, record, process);
        OrDelete(state, record, () => hooks.RunPoststart(record.ProcessId));
    }

    private static void RunInside(ContainerHooks hooks, PidFd process, ContainerRecord record)
    {
        using ContainerCgroup cgroup = ContainerCgroup.Open(record);
        hooks.RunStartContainer(process, record.ProcessId, record.Cgroups.Count > 0 ? cgroup : null);
    }

    private static void OrDelete(StateDirectory state, ContainerRecord record, Action run)
    {
        try
        {
            run();
        }
        catch (Exception e) when (e is ContainerException or KernelException)
        {
            ContainerDeletion.DeleteFailed(state, record);
            throw;
        }
    }

    /// <summary>The failure that a child has reported; null if it has not.</summary>
    public static LaunchException? FailureIn(FileFd report, LaunchPlan plan)
    {
        Span<byte> failure = stackalloc byte[ReportSize];
        SysResult<PollEvents> ready = Poll.Wait(report, PollEvents.POLLIN, TimeSpan.Zero);
        if (ready.Value != PollEvents.POLLIN || Files.Read(report, failure) is not { Ok: true, Value: ReportSize })
        {
            return null;
        }

        int index = (int)BinaryPrimitives.ReadInt64LittleEndian(failure);
        Errno errno = (Errno)(int)BinaryPrimitives.ReadInt64LittleEndian(failure[8..]);
        return new LaunchException(new LaunchFailure(index, plan.Steps[index].Words, errno));
    }

    private static void LetGo(StateDirectory state, ContainerRecord record, PidFd? process)
    {
        // Opened before the container can be gone, so that its end is seen in any case.
        using FileFd report = state.OpenReport();
        SysResult<FileFd> opened = state.OpenStart();
        if (opened.Errno == Errno.ENXIO)
        {
            throw new ContainerException("cannot start a container that has stopped");
        }

        using (FileFd start = opened.OrThrow("open the start FIFO of container", record.Id.Text))
        {
            Files.Write(start, "!"u8).OrThrow("start container", record.Id.Text);
        }

        Span<byte> failure = stackalloc byte[ReportSize];
        Poll.Wait(report).OrThrow("wait for container", record.Id.Text);
        SysResult<int> length = Files.Read(report, failure);
        state.RemoveFifos();
        if (length is { Ok: true, Value: ReportSize })
        {
            // The report is the last thing but one that the process did.
            if (process is not null)
            {
                Poll.Wait(process, PollEvents.POLLIN, LongestEnd);
            }

            throw new ContainerException(Describe(state, record, failure));
        }
    }

    private static string Describe(StateDirectory state, ContainerRecord record, ReadOnlySpan<byte> report)
    {
        int index = (int)BinaryPrimitives.ReadInt64LittleEndian(report);
        Errno errno = (Errno)(int)BinaryPrimitives.ReadInt64LittleEndian(report[8..]);
        string words = "execute the program";
        foreach (RemainingStep step in record.Remaining)
        {
            words = step.Index == index ? step.Words : words;
        }

        LaunchException failure = new(new LaunchFailure(index, words, errno));
        RuntimeSpec spec = RuntimeSpecReader.Read(state.ReadConfiguration());
        return ProgramDiagnosis.Describe(failure, record.Rootfs, ProcessValidator.Validate(spec.Process!, "process"));
    }
}
