using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class MappingRuleTests
{
    [Fact]
    public void An_area_has_a_policy_and_a_home_node()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(4 * AnonymousMemory.PageSize).Value!;
        nuint length = (nuint)memory.Length;
        SysResult set = OwnMappings.SetPolicy(memory.Address, length, MemoryPolicyMode.MPOL_BIND, [1]);
        Assert.SkipWhen(set.Errno == Errno.ENOSYS, "needs CONFIG_NUMA");
        set.OrThrow("mbind");

        (MemoryPolicyMode mode, _, ulong[] nodes) = OwnMappings.GetPolicy(memory.Address).OrThrow("get_mempolicy");
        Assert.Equal((MemoryPolicyMode.MPOL_BIND, 1ul), (mode, nodes[0]));
        SysResult home = MemoryPolicies.SetHomeNode(memory.Address, memory.Length, 0);
        Assert.True(home.Ok || home.Errno == Errno.ENOSYS, $"{home.Errno}");
        OwnMappings
            .SetPolicy(memory.Address, length, MemoryPolicyMode.MPOL_DEFAULT, [], present: MemoryBindFlags.MPOL_MF_MOVE)
            .OrThrow("mbind");
        Assert.Equal(MemoryPolicyMode.MPOL_DEFAULT, OwnMappings.GetPolicy(memory.Address).Value.Mode);
        Assert.Equal(Errno.EINVAL, OwnMappings.SetPolicy(memory.Address, length, MemoryPolicyMode.MPOL_BIND, []).Errno);
        Assert.Equal(Errno.EFAULT, OwnMappings.GetPolicy(16).Errno);
    }

    [Fact]
    public void The_command_line_that_others_see_can_lie_elsewhere()
    {
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        MemoryBounds before = ProcStat.Read(own).OrThrow("read").Bounds;
        byte[] line = File.ReadAllBytes("/proc/self/cmdline");
        using AnonymousMemory memory = AnonymousMemory.Map(AnonymousMemory.PageSize).Value!;
        "renamed\0"u8.CopyTo(memory.Span);
        ulong place = (ulong)memory.Address;
        SysResult set = OwnMappings.SetBounds(before with { StartArguments = place, EndArguments = place + 8 });
        Assert.SkipWhen(set.Errno == Errno.EINVAL, "needs CONFIG_CHECKPOINT_RESTORE");
        set.OrThrow("prctl");
        try
        {
            Assert.Equal("renamed\0"u8.ToArray(), File.ReadAllBytes("/proc/self/cmdline"));
        }
        finally
        {
            OwnMappings.SetBounds(before).OrThrow("prctl");
        }

        Assert.Equal(line, File.ReadAllBytes("/proc/self/cmdline"));
        Assert.Equal(Errno.EINVAL, OwnMappings.SetBounds(before with { StartArguments = 16 }).Errno);
    }

    [Fact]
    public void Barriers_are_registered_for_and_passed()
    {
        SysResult<MemoryBarrierCommands> known = MemoryBarriers.Query();
        Assert.SkipWhen(known.Errno == Errno.ENOSYS, "needs membarrier (Linux 4.3)");
        const MemoryBarrierCommands Register = MemoryBarrierCommands.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED;
        Assert.SkipUnless((known.Value & Register) != 0, "needs Linux 4.16");

        MemoryBarriers.Issue(Register).OrThrow("membarrier");
        MemoryBarriers.Issue(MemoryBarrierCommands.MEMBARRIER_CMD_GLOBAL_EXPEDITED).OrThrow("membarrier");
        Assert.Equal(Errno.EINVAL, MemoryBarriers.Issue((MemoryBarrierCommands)(1 << 29)).Errno);
        SysResult<MemoryBarrierCommands> registered = MemoryBarriers.Registrations();
        Assert.SkipWhen(registered.Errno == Errno.EINVAL, "needs Linux 6.3");
        Assert.Equal(Register, registered.Value & Register);
    }
}
