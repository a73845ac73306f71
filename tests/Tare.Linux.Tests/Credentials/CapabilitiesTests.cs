using CsCheck;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class CapabilitiesTests
{
    [Fact]
    public void Names_and_numbers_are_the_same_capabilities()
    {
        foreach (Capability capability in Enum.GetValues<Capability>())
        {
            Assert.Equal(capability.ToString(), CapabilityNames.NameOf(capability));
            Assert.True(CapabilityNames.TryParse(capability.ToString(), out Capability parsed));
            Assert.Equal(capability, parsed);
            Assert.True(CapabilityNames.TryParse(capability.ToString()[4..].ToLowerInvariant(), out parsed));
            Assert.Equal(capability, parsed);
        }

        Assert.Equal(41, Enum.GetValues<Capability>().Length);
        Assert.False(CapabilityNames.TryParse("CAP_", out _));
        Assert.False(CapabilityNames.TryParse("CAP_EVERYTHING", out _));
        Assert.Equal("CAP_50", CapabilityNames.NameOf((Capability)50));
    }

    [Fact]
    public void A_set_is_the_sum_of_its_members() =>
        Gen.ULong.Sample(bits =>
        {
            CapabilitySet set = new(bits);
            return CapabilitySet.Of([.. set.Enumerate()]) == set
                && set.Enumerate().Count() == set.Count
                && set.IsSubsetOf(CapabilitySet.UpTo((Capability)63))
                && (set & CapabilitySet.Empty) == CapabilitySet.Empty
                && (set | set) == set;
        });

    [Fact]
    public void The_last_capability_is_the_kernels()
    {
        string text = File.ReadAllText("/proc/sys/kernel/cap_last_cap").Trim();
        Assert.Equal(text, $"{(int)Capabilities.Last}");
        Assert.True(Capabilities.IsInBoundingSet(Capabilities.Last).Ok);
        Assert.Equal(Errno.EINVAL, Capabilities.IsInBoundingSet(Capabilities.Last + 1).Errno);
    }

    [Fact]
    public void The_calls_and_proc_agree() =>
        OwnThread.Run(() =>
        {
            ProcStatus status = ProcStatus.ReadOwn().OrThrow("read");
            Assert.Equal(status.Capabilities, Capabilities.Get().OrThrow("capget"));
            Assert.Equal(status.BoundingSet, Capabilities.GetBoundingSet());
        });

    [Fact]
    public void Capabilities_are_given_up_and_kept_by_one_thread()
    {
        Require.Root();
        CapabilityState before = Capabilities.Get().OrThrow("capget");
        Assert.SkipUnless(before.Permitted.Contains(Capability.CAP_CHOWN), "needs CAP_CHOWN");
        OwnThread.Run(() =>
        {
            CapabilitySet chown = CapabilitySet.Of(Capability.CAP_CHOWN);
            Assert.Equal(Errno.EPERM, Capabilities.RaiseAmbient(Capability.CAP_CHOWN).Errno);
            Capabilities.DropFromBoundingSet(Capability.CAP_MKNOD).OrThrow("prctl");
            Assert.False(Capabilities.IsInBoundingSet(Capability.CAP_MKNOD).OrThrow("prctl"));
            Capabilities.Set(new(chown, chown, chown)).OrThrow("capset");
            Capabilities.RaiseAmbient(Capability.CAP_CHOWN).OrThrow("prctl");
            Assert.True(Capabilities.IsAmbient(Capability.CAP_CHOWN).OrThrow("prctl"));
            Assert.Equal(chown, ProcStatus.ReadOwn().OrThrow("read").AmbientSet);
            Capabilities.ClearAmbient().OrThrow("prctl");
            Assert.False(Capabilities.IsAmbient(Capability.CAP_CHOWN).OrThrow("prctl"));
            Assert.Equal(Errno.EPERM, Capabilities.Set(before).Errno);
            Assert.Equal(new CapabilityState(chown, chown, chown), Capabilities.Get().OrThrow("capget"));
        });
        Assert.Equal(before, Capabilities.Get().OrThrow("capget"));
    }
}
