using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Security;

public sealed class ProcessSecurityTests
{
    [Fact]
    public void File_capabilities_are_read_as_they_were_written()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        using FileFd file = Files.OpenAt(null, directory.Write("program", "x"), OpenFlags.O_RDWR).OrThrow("open");
        Assert.Equal(Errno.ENODATA, FileCapabilities.Read(file).Errno);
        FileCapabilities given = new(
            CapabilitySet.Of(Capability.CAP_NET_RAW, Capability.CAP_BPF),
            CapabilitySet.Of(Capability.CAP_CHOWN),
            Effective: true
        );

        SysResult written = given.Write(file);

        Assert.SkipWhen(written.Errno == Errno.EOPNOTSUPP, "the file system has no such attributes");
        Assert.Equal(Errno.None, written.Errno);
        Assert.Equal(given, FileCapabilities.Read(file).Value);
        FileCapabilities rooted = given with { RootId = 100000 };
        Assert.Equal(Errno.None, rooted.Write(file).Errno);
        Assert.Equal(rooted, FileCapabilities.Read(file).Value);
    }

    [Fact]
    public void What_is_no_capability_attribute_is_none()
    {
        FileCapabilities some = new(CapabilitySet.Of(Capability.CAP_BPF), default, Effective: false, RootId: 7);
        Assert.Equal(some, FileCapabilities.Parse(some.Format()));
        Assert.Null(FileCapabilities.Parse([]));
        Assert.Null(FileCapabilities.Parse(some.Format().AsSpan(0, 20)));
        Assert.Null(FileCapabilities.Parse(new byte[24]));
    }

    [Fact]
    public void A_key_is_found_read_and_revoked()
    {
        string name = $"tare-{Guid.NewGuid()}";
        SysResult<int> added = Keys.Add("user", name, "secret"u8, Keys.ProcessKeyring);
        Assert.SkipWhen(added.Errno == Errno.ENOSYS, "the kernel has no keys");
        int key = added.OrThrow("add a key");

        Assert.Equal(key, Keys.Search(Keys.ProcessKeyring, "user", name).Value);
        Assert.Equal("secret"u8.ToArray(), Keys.Read(key).Value);
        Assert.True(Keys.SetTimeout(key, TimeSpan.FromMinutes(5)).Ok);
        Assert.True(Keys.Revoke(key).Ok);
        Assert.Equal(Errno.EKEYREVOKED, Keys.Read(key).Errno);
        Assert.Equal(Errno.ENOKEY, Keys.Search(Keys.ProcessKeyring, "user", name + "-other").Errno);
    }

    [Fact]
    public void A_process_with_a_session_keyring_of_its_own_does_not_possess_the_starter_s_keys()
    {
        Assert.SkipUnless(File.Exists("/proc/keys"), "the kernel has no keys");
        string name = $"tare-{Guid.NewGuid()}";
        OwnThread.Run(() =>
        {
            const uint OnlyPossessor = 0x3f000000;
            Keys.JoinSession().OrThrow("make a session keyring");
            int key = Keys.Add("user", name, "secret"u8, Keys.SessionKeyring).OrThrow("add a key");
            Keys.SetPermissions(key, OnlyPossessor).OrThrow("set permissions");

            Assert.Equal("1\n", Count(keyring: false));
            Assert.Equal("0\n", Count(keyring: true));
            Assert.Equal("secret"u8.ToArray(), Keys.Read(key).OrThrow("read"));
        });

        string Count(bool keyring) =>
            Running
                .ShellAsync($"grep -c {name} /proc/keys; true", with => with with { NewSessionKeyring = keyring })
                .GetAwaiter()
                .GetResult()
                .Output;
    }

    [Fact]
    public void A_context_of_a_module_that_is_not_at_work_is_refused_by_its_option()
    {
        ProcessStartOptions options = new("true") { SecurityContext = new(LsmId.LSM_ID_SMACK, "label") };
        SysResult<LsmId[]> modules = SecurityModules.List();
        Assert.SkipWhen(modules.Errno == Errno.ENOSYS, "needs lsm_set_self_attr (Linux 6.8)");
        Assert.SkipWhen(modules.Value.Contains(LsmId.LSM_ID_SMACK), "Smack is at work");

        ProcessStartException failure = Assert.Throws<ProcessStartException>(() => ChildProcess.Start(options));

        Assert.Equal((nameof(ProcessStartOptions.SecurityContext), Errno.EOPNOTSUPP), (failure.Setting, failure.Errno));
        Assert.Throws<ArgumentException>(() =>
            ChildProcess.Start(options with { SecurityContext = new(LsmId.LSM_ID_SMACK, "") })
        );
    }

    [Fact]
    public void Numbers_of_audit_are_read()
    {
        Assert.Null(ProcessSecurity.ParseNumber("4294967295"u8));
        Assert.Equal(1000u, ProcessSecurity.ParseNumber("1000"u8));
        Assert.SkipUnless(File.Exists("/proc/self/sessionid"), "the kernel has no audit");
        Assert.Equal(
            ProcessSecurity.ParseNumber(File.ReadAllBytes("/proc/self/sessionid")),
            ProcessSecurity.GetAuditSession(Environment.ProcessId)
        );
    }

    [Fact]
    public void No_new_privileges_and_secure_bits_are_the_thread_s()
    {
        Require.Root();
        bool before = ProcessSecurity.NoNewPrivileges;
        OwnThread.Run(() =>
        {
            ProcessSecurity.SetSecureBits(SecureBits.SECBIT_NO_SETUID_FIXUP);
            Assert.Equal(SecureBits.SECBIT_NO_SETUID_FIXUP, ProcessSecurity.SecureBits);
            ProcessSecurity.SetNoNewPrivileges();
            Assert.True(ProcessSecurity.NoNewPrivileges);
        });

        Assert.Equal(before, ProcessSecurity.NoNewPrivileges);
    }

    [Fact]
    public void Shadow_stacks_are_asked_about()
    {
        SysResult<ShadowStackFeatures> features = ShadowStacks.Get();

        Assert.Equal(features.Ok && features.Value != ShadowStackFeatures.None, ProcessSecurity.HasShadowStack);
        Assert.True(features.Ok || features.Errno is Errno.EINVAL or Errno.EOPNOTSUPP, features.Errno.ToString());
        bool listed = File.ReadAllText("/proc/thread-self/status").Contains("shstk", StringComparison.Ordinal);
        Assert.Equal(listed, ProcessSecurity.HasShadowStack);
    }
}
