using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

/// <summary>Programs that decide for a cgroup, each tried by a process in it.</summary>
public sealed class BpfGroupTests : IDisposable
{
    private readonly string _path;
    private readonly DirectoryFd _group;

    public BpfGroupTests()
    {
        Require.Root();
        Require.Program("perl");
        string? root = CgroupLayout.Read().Value?.Unified?.MountPoint;
        Assert.SkipWhen(root is null, "needs cgroup v2");
        _path = $"{root}/tare-bpf-{Guid.NewGuid():N}";
        Directory.CreateDirectory(_path);
        _group = Files.OpenDirectoryAt(null, _path).OrThrow("open");
    }

    public void Dispose()
    {
        _group.Dispose();
        Directory.Delete(_path);
    }

    [Fact]
    public void Sockets_of_a_kind_are_not_made()
    {
        const int TypeOffset = 8;
        const int Datagram = 2;
        BpfLabel others = new();
        BpfCode code = new BpfCode()
            .Load(BpfSize.Word, BpfRegister.R2, BpfRegister.R1, TypeOffset)
            .JumpIf(BpfCondition.NotEqual, BpfRegister.R2, Datagram, others)
            .Return(0)
            .Mark(others)
            .Return(1);
        using BpfProgramFd program = Load(BpfProgramType.BPF_PROG_TYPE_CGROUP_SOCK, code);
        BpfPrograms.Attach(_group, program, BpfAttachType.BPF_CGROUP_INET_SOCK_CREATE).OrThrow("attach");

        Assert.Equal(Errno.EPERM, Perl("socket(S, AF_INET, SOCK_DGRAM, 0)"));
        Assert.Equal(Errno.None, Perl("socket(S, AF_INET, SOCK_STREAM, 0)"));
        BpfPrograms.Detach(_group, program, BpfAttachType.BPF_CGROUP_INET_SOCK_CREATE).OrThrow("detach");
        Assert.Equal(Errno.None, Perl("socket(S, AF_INET, SOCK_DGRAM, 0)"));
        Assert.Equal(
            Errno.ENOENT,
            BpfPrograms.Detach(_group, program, BpfAttachType.BPF_CGROUP_INET_SOCK_CREATE).Errno
        );
    }

    [Fact]
    public void Parameters_of_the_kernel_are_read_only()
    {
        BpfLabel reads = new();
        BpfCode code = new BpfCode()
            .Load(BpfSize.Word, BpfRegister.R2, BpfRegister.R1)
            .JumpIf(BpfCondition.Equal, BpfRegister.R2, 0, reads)
            .Return(0)
            .Mark(reads)
            .Return(1);
        using BpfProgramFd program = Load(BpfProgramType.BPF_PROG_TYPE_CGROUP_SYSCTL, code);
        BpfPrograms.Attach(_group, program, BpfAttachType.BPF_CGROUP_SYSCTL).OrThrow("attach");

        Assert.Equal(Errno.None, Perl("open(F, \"<\", \"/proc/sys/kernel/ostype\") && defined(<F>)"));
        // What the parameter has already, so that nothing changes where it is not refused.
        string swappiness = File.ReadAllText("/proc/sys/vm/swappiness").Trim();
        Assert.Equal(
            Errno.EPERM,
            Perl($"open(F, \">\", \"/proc/sys/vm/swappiness\") && defined(syswrite(F, \"{swappiness}\"))")
        );
    }

    [Fact]
    public void Packets_do_not_leave()
    {
        using BpfProgramFd program = Load(BpfProgramType.BPF_PROG_TYPE_CGROUP_SKB, new BpfCode().Return(0));
        const string Send =
            "socket(S, AF_INET, SOCK_DGRAM, 0) && defined(send(S, \"x\", 0, sockaddr_in(9, INADDR_LOOPBACK)))";
        Assert.Equal(Errno.None, Perl(Send));
        BpfPrograms.Attach(_group, program, BpfAttachType.BPF_CGROUP_INET_EGRESS).OrThrow("attach");

        Assert.Equal(Errno.EPERM, Perl(Send));
    }

    private static BpfProgramFd Load(BpfProgramType type, BpfCode code)
    {
        SysResult<BpfProgramFd> loaded = BpfPrograms.Load(type, code);
        Assert.SkipWhen(loaded.Errno is Errno.ENOSYS or Errno.EPERM, $"needs bpf(2): {loaded.Errno}");
        return loaded.OrThrow("load", null, BpfPrograms.Explain(type, code));
    }

    private Errno Perl(string expression)
    {
        string program = $"use Socket; {expression} and exit(0); exit($!+0)";
        string script = $"echo $$ >{_path}/cgroup.procs && exec perl -e '{program}'";
        return (Errno)Tool.Run("sh", ["-c", script]).ExitCode;
    }
}
