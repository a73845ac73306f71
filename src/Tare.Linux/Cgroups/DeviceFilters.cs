using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>BPF programs that decide which devices the processes of a v2 cgroup may use. bpf(2), Linux 4.15.</summary>
public static class DeviceFilters
{
    /// <summary>Loads a program and attaches it. It goes with the cgroup.</summary>
    /// <param name="cgroup">The cgroup's directory.</param>
    /// <param name="instructions">The program, 8 bytes an instruction.</param>
    /// <returns>EPERM: needs CAP_BPF or CAP_SYS_ADMIN. EINVAL, EACCES: the verifier refuses the program.</returns>
    public static SysResult Attach(DirectoryFd cgroup, ReadOnlySpan<byte> instructions)
    {
        nint loaded = Interop.bpf_prog_load(BpfProgramType.BPF_PROG_TYPE_CGROUP_DEVICE, instructions);
        if (loaded < 0)
        {
            return Interop.Result(loaded);
        }

        using FileFd program = new((int)loaded);
        using Borrowed target = new(cgroup);
        return Interop.Result(
            Interop.bpf_prog_attach(
                target.Number,
                program.Number,
                BpfAttachType.BPF_CGROUP_DEVICE,
                BpfAttachFlags.BPF_F_ALLOW_MULTI
            )
        );
    }
}
