using System.Buffers.Binary;
using System.Net.Sockets;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Makes the programs that decide where the processes of a cgroup may connect to (BPF_PROG_TYPE_CGROUP_SOCK_ADDR, struct
/// bpf_sock_addr of linux/bpf.h). Addresses and ports are compared as they lie in memory.
/// </summary>
internal static class ConnectionFilter
{
    private const int Address4 = 4;
    private const int Address6 = 8;
    private const int PortOffset = 24;
    private const int Words = 4;

    private static readonly (BpfAttachType Place, bool Six)[] Places =
    [
        (BpfAttachType.BPF_CGROUP_INET4_CONNECT, false),
        (BpfAttachType.BPF_CGROUP_UDP4_SENDMSG, false),
        (BpfAttachType.BPF_CGROUP_INET6_CONNECT, true),
        (BpfAttachType.BPF_CGROUP_UDP6_SENDMSG, true),
    ];

    /// <summary>Loads and attaches them; where one cannot be attached, none is.</summary>
    /// <exception cref="KernelException">EPERM: root, or CAP_BPF and CAP_NET_ADMIN. EINVAL: the kernel cannot.</exception>
    public static void Attach(DirectoryFd cgroup, IReadOnlyList<NetworkTarget> targets, string name)
    {
        List<(BpfProgramFd Program, BpfAttachType Place)> attached = [];
        try
        {
            foreach ((BpfAttachType place, bool six) in Places)
            {
                BpfProgramFd program = BpfPrograms
                    .Load(BpfProgramType.BPF_PROG_TYPE_CGROUP_SOCK_ADDR, Of(targets, six), place, "tare_connect")
                    .OrThrow(
                        "load a filter of connections for cgroup",
                        name,
                        "needs root, or CAP_BPF and CAP_NET_ADMIN"
                    );
                attached.Add((program, place));
                BpfPrograms.Attach(cgroup, program, place).OrThrow("attach a filter of connections to cgroup", name);
            }
        }
        catch
        {
            attached.ForEach(one => BpfPrograms.Detach(cgroup, one.Program, one.Place));
            throw;
        }
        finally
        {
            attached.ForEach(one => one.Program.Dispose());
        }
    }

    /// <summary>The program of one family: 1 allows, 0 is EPERM.</summary>
    internal static BpfCode Of(IReadOnlyList<NetworkTarget> targets, bool six)
    {
        BpfCode code = new();
        code.Load(BpfSize.Word, BpfRegister.R6, BpfRegister.R1, PortOffset);
        int words = six ? Words : 1;
        for (int i = 0; i < words; i++)
        {
            int offset = six ? Address6 + (i * sizeof(uint)) : Address4;
            code.Load(BpfSize.Word, BpfRegister.R2 + (byte)i, BpfRegister.R1, offset);
        }

        foreach (NetworkTarget target in targets)
        {
            bool isSix = target.Addresses.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;
            if (isSix && !six)
            {
                continue;
            }

            // An address of version 4 is connected to by sockets of version 6 too, as ::ffff:a.b.c.d.
            (byte[] address, int bits) =
                isSix == six
                    ? (target.Addresses.BaseAddress.GetAddressBytes(), target.Addresses.PrefixLength)
                    : (target.Addresses.BaseAddress.MapToIPv6().GetAddressBytes(), 96 + target.Addresses.PrefixLength);
            Add(code, address, bits, target.Port);
        }

        return code.Return(0);
    }

    private static void Add(BpfCode code, byte[] address, int bits, int? port)
    {
        BpfLabel next = new();
        for (int i = 0; i * 32 < bits; i++)
        {
            int length = Math.Min(32, bits - (i * 32));
            uint mask = BinaryPrimitives.ReverseEndianness(uint.MaxValue << (32 - length));
            uint present = BinaryPrimitives.ReadUInt32LittleEndian(address.AsSpan(i * sizeof(uint)));
            code.Set(BpfRegister.R7, BpfRegister.R2 + (byte)i, narrow: true);
            if (length < 32)
            {
                code.Do(BpfOperation.And, BpfRegister.R7, (int)mask, narrow: true);
            }

            code.JumpIf(BpfCondition.NotEqual, BpfRegister.R7, (int)(present & mask), next, narrow: true);
        }

        if (port is { } wanted)
        {
            int swapped = BinaryPrimitives.ReverseEndianness((ushort)wanted);
            code.JumpIf(BpfCondition.NotEqual, BpfRegister.R6, swapped, next, narrow: true);
        }

        code.Return(1).Mark(next);
    }
}
