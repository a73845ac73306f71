using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class SecurityModulesTests
{
    private static readonly LsmId[] Labelling = [LsmId.LSM_ID_SELINUX, LsmId.LSM_ID_SMACK, LsmId.LSM_ID_APPARMOR];

    [Fact]
    public void The_modules_at_work_are_told()
    {
        SysResult<LsmId[]> listed = SecurityModules.List();
        Assert.SkipWhen(listed.Errno == Errno.ENOSYS, "needs lsm_list_modules (Linux 6.8)");

        Assert.Contains(LsmId.LSM_ID_CAPABILITY, listed.OrThrow("lsm_list_modules"));
        Assert.Equal(SecurityModules.HasAppArmor, listed.Value.Contains(LsmId.LSM_ID_APPARMOR));
        Assert.Equal(Landlock.GetAbi().Ok, listed.Value.Contains(LsmId.LSM_ID_LANDLOCK));
    }

    [Fact]
    public void A_thread_s_context_is_what_proc_says()
    {
        SysResult<LsmId[]> listed = SecurityModules.List();
        Assert.SkipWhen(listed.Errno == Errno.ENOSYS, "needs lsm_list_modules (Linux 6.8)");
        SysResult<IReadOnlyList<SecurityContext>> own = SecurityModules.GetOwn(LsmAttribute.LSM_ATTR_CURRENT);
        if (!listed.Value.Intersect(Labelling).Any())
        {
            Assert.Equal(Errno.EOPNOTSUPP, own.Errno);
            Assert.Equal(
                Errno.EOPNOTSUPP,
                SecurityModules.SetOwn(LsmAttribute.LSM_ATTR_EXEC, new(LsmId.LSM_ID_SELINUX, "a:b:c")).Errno
            );
            return;
        }

        string expected = File.ReadAllText("/proc/thread-self/attr/current").TrimEnd('\n', '\0');
        Assert.Contains(own.OrThrow("lsm_get_self_attr"), context => context.Text == expected);
    }

    [Fact]
    public void Contexts_are_taken_apart_as_they_were_put_together()
    {
        byte[] two =
        [
            .. SecurityModules.Context(LsmId.LSM_ID_APPARMOR, "web (enforce)\n"u8),
            .. SecurityModules.Context(LsmId.LSM_ID_SELINUX, "user:role:type\0"u8),
        ];

        Assert.Equal(
            [new(LsmId.LSM_ID_APPARMOR, "web (enforce)"), new(LsmId.LSM_ID_SELINUX, "user:role:type")],
            SecurityModules.ParseContexts(two)
        );
        Assert.Throws<FormatException>(() => SecurityModules.ParseContexts(two.AsSpan(0, two.Length - 8)));
        Assert.Throws<FormatException>(() => SecurityModules.ParseContexts(new byte[40]));
    }
}
