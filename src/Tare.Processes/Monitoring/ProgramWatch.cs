using System.Buffers.Binary;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>A program in the kernel that tells of each execution in a cgroup, at the tracepoint sched_process_exec.</summary>
internal sealed class ProgramWatch : IDisposable
{
    private const int RingSize = 256 << 10;
    private const int UserOffset = 8;
    private const int NameOffset = 16;
    private const int NameSize = 256;
    private const int RecordSize = NameOffset + NameSize;

    // /sys/kernel/tracing/events/sched/sched_process_exec/format: where the name is, in the lower half.
    private const int WhereName = 8;

    private readonly BpfRing ring;
    private readonly FileFd tracepoint;

    private ProgramWatch(BpfRing ring, FileFd tracepoint) => (this.ring, this.tracepoint) = (ring, tracepoint);

    /// <summary>Readable when there is something to take.</summary>
    public FileDescriptor Descriptor => ring.Map;

    /// <summary>Begins to watch.</summary>
    /// <exception cref="KernelException">It cannot be.</exception>
    public static ProgramWatch Open(CgroupNode group, string name)
    {
        const string Rights = "needs root, or CAP_BPF and CAP_PERFMON";
        int number = Tracepoints
            .Find("sched", "sched_process_exec")
            .OrThrow("find the tracepoint", "sched_process_exec", "mount tracefs at /sys/kernel/tracing; it is root's");
        using DirectoryFd directory = group.Mount.OpenDirectory(group.Path);
        ulong id = Files.StatX(directory, StatXMask.STATX_INO).OrThrow("look at cgroup", name).Inode;
        BpfRing events = BpfRing.Create(RingSize).OrThrow("make a ring buffer", null, Rights)!;
        FileFd? place = null;
        try
        {
            using BpfProgramFd program = BpfPrograms
                .Load(
                    BpfProgramType.BPF_PROG_TYPE_TRACEPOINT,
                    Code(events.Map, id, Level(group.Path)),
                    name: "tare_exec"
                )
                .OrThrow("load a program that watches cgroup", name, Rights);
            place = Tracepoints.Open(number, threadId: null).OrThrow("open the tracepoint", "sched_process_exec");
            BpfPrograms.Attach(place, program).OrThrow("watch the tracepoint", "sched_process_exec");
            return new(events, place);
        }
        catch
        {
            place?.Dispose();
            events.Dispose();
            throw;
        }
    }

    /// <summary>Takes the oldest event; EAGAIN where there is none.</summary>
    public SysResult<ProgramStart> TryTake()
    {
        if (ring.Take() is not { Length: >= RecordSize } record)
        {
            return new(null!, Errno.EAGAIN);
        }

        ReadOnlySpan<byte> name = record.AsSpan(NameOffset, NameSize);
        int end = name.IndexOf((byte)0);
        ProgramStart start = new(
            (int)(BinaryPrimitives.ReadUInt64LittleEndian(record) >> 32),
            BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan(UserOffset)),
            Encoding.UTF8.GetString(end < 0 ? name : name[..end])
        );
        return new(start, Errno.None);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        tracepoint.Dispose();
        ring.Dispose();
    }

    // The root is level 0.
    private static int Level(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Length;

    private static BpfCode Code(BpfMapFd ring, ulong group, int level)
    {
        BpfLabel others = new();
        return new BpfCode()
            .Set(BpfRegister.R6, BpfRegister.R1)
            .Set(BpfRegister.R1, level)
            .Call(BpfFunction.get_current_ancestor_cgroup_id)
            .SetLong(BpfRegister.R1, group)
            .JumpIf(BpfCondition.NotEqual, BpfRegister.R0, BpfRegister.R1, others)
            .Set(BpfRegister.R1, ring)
            .Set(BpfRegister.R2, RecordSize)
            .Set(BpfRegister.R3, 0)
            .Call(BpfFunction.ringbuf_reserve)
            .JumpIf(BpfCondition.Equal, BpfRegister.R0, 0, others)
            .Set(BpfRegister.R7, BpfRegister.R0)
            .Call(BpfFunction.get_current_pid_tgid)
            .Store(BpfSize.DoubleWord, BpfRegister.R7, 0, BpfRegister.R0)
            .Call(BpfFunction.get_current_uid_gid)
            .Store(BpfSize.DoubleWord, BpfRegister.R7, UserOffset, BpfRegister.R0)
            .Store(BpfSize.Byte, BpfRegister.R7, NameOffset, 0)
            .Load(BpfSize.Word, BpfRegister.R2, BpfRegister.R6, WhereName)
            .Do(BpfOperation.And, BpfRegister.R2, 0xffff)
            .Set(BpfRegister.R3, BpfRegister.R6)
            .Do(BpfOperation.Add, BpfRegister.R3, BpfRegister.R2)
            .Set(BpfRegister.R1, BpfRegister.R7)
            .Do(BpfOperation.Add, BpfRegister.R1, NameOffset)
            .Set(BpfRegister.R2, NameSize)
            .Call(BpfFunction.probe_read_kernel_str)
            .Set(BpfRegister.R1, BpfRegister.R7)
            .Set(BpfRegister.R2, 0)
            .Call(BpfFunction.ringbuf_submit)
            .Mark(others)
            .Return(0);
    }
}
