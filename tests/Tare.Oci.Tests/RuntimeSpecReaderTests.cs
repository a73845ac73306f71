namespace Tare.Oci.Tests;

public class RuntimeSpecReaderTests
{
    [Fact]
    public void The_default_of_runc_is_read_completely()
    {
        RuntimeSpec spec = RuntimeSpecReader.Read(Sample.Golden("runc-spec.json"));

        Assert.Equal("1.0.2-dev", spec.OciVersion);
        Assert.Empty(spec.Unsupported);
        Assert.Equal("runc", spec.Hostname);
        Assert.Equal(new RootSpec("rootfs", true), spec.Root);
        ProcessSpec process = spec.Process!;
        Assert.True(process.Terminal);
        Assert.True(process.NoNewPrivileges);
        Assert.Equal(["sh"], process.Args);
        Assert.Equal("/", process.Cwd);
        Assert.Equal(2, process.Env.Count);
        Assert.Equal([new RlimitSpec("RLIMIT_NOFILE", 1024, 1024)], process.Rlimits);
        Assert.Equal(["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"], process.Capabilities!.Ambient);
        Assert.Empty(process.Capabilities.Inheritable);
        Assert.Equal(7, spec.Mounts.Count);
        Assert.Equal("tmpfs", spec.Mounts[1].Type);
        Assert.Equal(["nosuid", "strictatime", "mode=755", "size=65536k"], spec.Mounts[1].Options);
        LinuxSpec linux = spec.Linux!;
        Assert.Equal(
            [NamespaceType.Pid, NamespaceType.Network, NamespaceType.Ipc, NamespaceType.Uts, NamespaceType.Mount],
            linux.Namespaces.Select(n => n.Type)
        );
        Assert.Equal(10, linux.MaskedPaths.Count);
        Assert.Equal(5, linux.ReadonlyPaths.Count);
        Assert.Equal([new DeviceRuleSpec { Allow = false }], linux.Resources!.Devices);
    }
}
