using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>Rulesets about files and network that any process can put on itself. landlock(7), Linux 5.13.</summary>
public static class Landlock
{
    /// <summary>
    /// The version of the kernel's ABI, from 1. ENOSYS: the kernel has none. EOPNOTSUPP: it is off at boot (lsm=).
    /// LANDLOCK_CREATE_RULESET_VERSION.
    /// </summary>
    public static SysResult<int> GetAbi() => Interop.IntResult(Interop.Call(Syscall.landlock_create_ruleset, 0, 0, 1));

    /// <summary>
    /// Makes a ruleset that denies what it handles. EINVAL: the kernel does not know it all; ENOMSG: it handles nothing.
    /// landlock_create_ruleset(2).
    /// </summary>
    public static SysResult<FileFd> CreateRuleset(LandlockRulesetAttributes attributes)
    {
        // A kernel refuses a longer struct than it knows unless the rest is zero, so the whole one may be passed.
        nint raw = Interop.landlock_create_ruleset(attributes, 24);
        return raw < 0 ? Interop.Failed<FileFd>(raw) : new(new FileFd((int)raw), Errno.None);
    }

    /// <summary>
    /// Allows something below a directory or with a file. EINVAL: the ruleset does not handle it, or it is nothing that a file
    /// which is no directory has. landlock_add_rule(2).
    /// </summary>
    public static SysResult AllowPath(FileFd ruleset, FileDescriptor parent, LandlockAccessFs access)
    {
        using Borrowed rules = new(ruleset);
        using Borrowed place = new(parent);
        return Interop.Result(
            Interop.landlock_add_rule(
                rules.Number,
                new LandlockPathBeneath { AllowedAccess = access, ParentDescriptor = place.Number }
            )
        );
    }

    /// <summary>Allows something with a TCP port. landlock_add_rule(2), ABI 4.</summary>
    public static SysResult AllowPort(FileFd ruleset, ushort port, LandlockAccessNet access)
    {
        using Borrowed rules = new(ruleset);
        return Interop.Result(
            Interop.landlock_add_rule(rules.Number, new LandlockNetPort { AllowedAccess = access, Port = port })
        );
    }
}
