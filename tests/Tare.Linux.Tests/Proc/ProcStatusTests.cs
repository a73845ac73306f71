using System.Text;
using CsCheck;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class ProcStatusTests
{
    private const string Text = """
        Name:	my shell
        Umask:	0022
        State:	S (sleeping)
        Tgid:	77
        Ngid:	0
        Pid:	78
        PPid:	1
        TracerPid:	5
        Uid:	0	1	2	3
        Gid:	4	5	6	4294967294
        Groups:	10 20 
        NSpid:	78	2	1
        VmHWM:	    1696 kB
        VmRSS:	    1200 kB
        VmExe:	     216 kB
        VmLib:	    1900 kB
        HugetlbPages:	    2048 kB
        CoreDumping:	1
        Threads:	3
        SigPnd:	0000000000000001
        ShdPnd:	0000000000004000
        SigBlk:	0000000000004000
        SigIgn:	0000000000001000
        SigCgt:	00000001802004ec
        CapInh:	0000000000000000
        CapPrm:	000001ffffffffff
        CapEff:	0000000000000001
        CapBnd:	000001fffeffffff
        CapAmb:	0000000000000020
        NoNewPrivs:	1
        Seccomp:	2
        Seccomp_filters:	4
        Unknown_line:	x

        """;

    [Fact]
    public void Every_line_is_read()
    {
        ProcStatus status = ProcStatus.Parse(Encoding.UTF8.GetBytes(Text));
        Assert.Equal("my shell", status.Name);
        Assert.Equal('S', status.State);
        Assert.Equal(FileModes.S_IWGRP | FileModes.S_IWOTH, status.Umask);
        Assert.Equal((77, 78, 1, 5), (status.ThreadGroupId, status.ProcessId, status.ParentId, status.TracerId));
        Assert.Equal(new ProcessIds(0, 1, 2, 3), status.Users);
        Assert.Equal(new ProcessIds(4, 5, 6, 4294967294), status.Groups);
        Assert.Equal([10u, 20u], status.SupplementaryGroups);
        Assert.Equal([78, 2, 1], status.NamespaceProcessIds);
        Assert.Equal((1696L * 1024, 1200L * 1024), (status.PeakResidentBytes, status.ResidentBytes));
        Assert.Equal(
            (216L << 10, 1900L << 10, 2048L << 10),
            (status.CodeBytes, status.LibraryBytes, status.HugePageBytes)
        );
        Assert.True(status.IsDumpingCore);
        Assert.Equal(
            (SignalSet.Of(Signal.SIGHUP), SignalSet.Of(Signal.SIGTERM)),
            (status.PendingSignals, status.ProcessPendingSignals)
        );
        Assert.Equal(3, status.ThreadCount);
        Assert.Equal(SignalSet.Of(Signal.SIGTERM), status.BlockedSignals);
        Assert.Equal(SignalSet.Of(Signal.SIGPIPE), status.IgnoredSignals);
        Assert.True(status.CaughtSignals.Contains(Signal.SIGQUIT));
        Assert.Equal(CapabilitySet.UpTo(Capability.CAP_CHECKPOINT_RESTORE), status.Capabilities.Permitted);
        Assert.Equal(CapabilitySet.Of(Capability.CAP_CHOWN), status.Capabilities.Effective);
        Assert.False(status.BoundingSet.Contains(Capability.CAP_SYS_RESOURCE));
        Assert.Equal(CapabilitySet.Of(Capability.CAP_KILL), status.AmbientSet);
        Assert.True(status.NoNewPrivileges);
        Assert.Equal((2, 4), (status.SeccompMode, status.SeccompFilters));
    }

    [Fact]
    public void A_kernel_that_says_less_leaves_the_defaults()
    {
        ProcStatus status = ProcStatus.Parse("Name:\tx\n"u8);
        Assert.Equal("x", status.Name);
        Assert.Equal(0, status.SeccompMode);
        Assert.Empty(status.SupplementaryGroups);
    }

    [Theory]
    [InlineData("Pid:\tx")]
    [InlineData("Uid:\t1 2 3")]
    [InlineData("CapEff:\txyz")]
    [InlineData("Umask:\t0089")]
    [InlineData("State:\t")]
    [InlineData("VmRSS:\t99999999999999999999 kB")]
    public void A_value_that_is_none_is_refused(string line) =>
        Assert.Throws<FormatException>(() => ProcStatus.Parse(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void No_bytes_break_the_parser() =>
        Gen.OneOf(Gen.Byte.Array, MountInfoTests.Mutated(Encoding.UTF8.GetBytes(Text)))
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcStatus.Parse(text)));

    [Fact]
    public void The_own_process_is_read()
    {
        ProcStatus status = ProcStatus.Read(Environment.ProcessId).OrThrow("read");
        Assert.Equal(Environment.ProcessId, status.ThreadGroupId);
        Assert.Equal(Environment.ProcessId, status.NamespaceProcessIds[0]);
        Assert.True(status.ResidentBytes > 0);
        Assert.True(status.ThreadCount > 1);
        Assert.Equal(Errno.ENOENT, ProcStatus.Read(4_194_304).Errno);
    }
}
