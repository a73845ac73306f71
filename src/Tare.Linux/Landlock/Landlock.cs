using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Rulesets about files and network that any process can put on itself. landlock(7), Linux 5.13.</summary>
public static class Landlock
{
    /// <summary>What a file that is no directory can be allowed; the others are of directories alone.</summary>
    public const LandlockAccessFs RightsOfFiles =
        LandlockAccessFs.LANDLOCK_ACCESS_FS_EXECUTE
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_WRITE_FILE
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_FILE
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_TRUNCATE
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_IOCTL_DEV
        | LandlockAccessFs.LANDLOCK_ACCESS_FS_RESOLVE_UNIX;

    /// <summary>
    /// The version of the kernel's ABI, from 1. ENOSYS: the kernel has none. EOPNOTSUPP: it is off at boot (lsm=).
    /// LANDLOCK_CREATE_RULESET_VERSION.
    /// </summary>
    public static SysResult<int> GetAbi() => Interop.IntResult(Interop.Call(Syscall.landlock_create_ruleset, 0, 0, 1));

    /// <summary>
    /// The faults of its ABI that the kernel has mended, bit 0 being erratum 1. EINVAL: it does not say, before Linux 6.15.
    /// LANDLOCK_CREATE_RULESET_ERRATA.
    /// </summary>
    public static SysResult<int> GetErrata() =>
        Interop.IntResult(Interop.Call(Syscall.landlock_create_ruleset, 0, 0, 2));

    /// <summary>
    /// Makes a ruleset that denies what it handles. EINVAL: the kernel does not know it all; ENOMSG: it handles nothing.
    /// landlock_create_ruleset(2).
    /// </summary>
    public static SysResult<FileFd> CreateRuleset(LandlockRulesetAttributes attributes)
    {
        // A kernel refuses a longer struct than it knows unless the rest is zero, so the whole one may be passed.
        nint raw = Interop.landlock_create_ruleset(attributes, 48);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>
    /// Allows something below a directory or with a file. EINVAL: the ruleset does not handle it, or it is nothing that a file
    /// which is no directory has. ENOMSG: nothing is allowed, and it is not made quiet. landlock_add_rule(2).
    /// </summary>
    /// <param name="ruleset">The ruleset.</param>
    /// <param name="parent">The directory or file; stays the caller's.</param>
    /// <param name="access">What is allowed.</param>
    /// <param name="flags">LANDLOCK_ADD_RULE_QUIET: what is denied with it is not logged. ABI 10.</param>
    public static SysResult AllowPath(
        FileFd ruleset,
        FileDescriptor parent,
        LandlockAccessFs access,
        LandlockRuleFlags flags = LandlockRuleFlags.None
    )
    {
        using Borrowed rules = new(ruleset);
        using Borrowed place = new(parent);
        return Interop.Result(
            Interop.landlock_add_rule(
                rules.Number,
                new LandlockPathBeneath { AllowedAccess = access, ParentDescriptor = place.Number },
                flags
            )
        );
    }

    /// <summary>Allows something with a TCP port (ABI 4) or UDP port (ABI 10). landlock_add_rule(2).</summary>
    public static SysResult AllowPort(
        FileFd ruleset,
        ushort port,
        LandlockAccessNet access,
        LandlockRuleFlags flags = LandlockRuleFlags.None
    )
    {
        using Borrowed rules = new(ruleset);
        return Interop.Result(
            Interop.landlock_add_rule(rules.Number, new LandlockNetPort { AllowedAccess = access, Port = port }, flags)
        );
    }

    /// <summary>
    /// Restricts this thread and all that it makes later, for good; with LANDLOCK_RESTRICT_SELF_TSYNC all threads of this
    /// process at once. EPERM: it has neither no_new_privs nor CAP_SYS_ADMIN; E2BIG: it is under sixteen rulesets already;
    /// EINVAL: the kernel does not know the flags. landlock_restrict_self(2).
    /// </summary>
    /// <param name="ruleset">The ruleset; stays the caller's.</param>
    /// <param name="flags">What is logged, and who is restricted.</param>
    public static SysResult RestrictSelf(FileFd ruleset, LandlockRestrictFlags flags)
    {
        using Borrowed rules = new(ruleset);
        return Interop.Result(Interop.Call(Syscall.landlock_restrict_self, rules.Number, (nint)flags));
    }
}
