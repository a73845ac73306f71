using CsCheck;
using Tare.Oci;

namespace Tare.Runtime.Tests.Seccomp;

/// <summary>Profiles as chance makes them, and arguments near to what they compare with.</summary>
internal static class RandomProfiles
{
    /// <summary>Names of calls; some are those of a few architectures only, one of none.</summary>
    public static readonly string[] Names =
    [
        "read",
        "write",
        "open",
        "openat",
        "close",
        "mkdir",
        "mkdirat",
        "personality",
        "socket",
        "connect",
        "accept",
        "accept4",
        "recvmmsg",
        "send",
        "semop",
        "semget",
        "shmat",
        "clone",
        "clone3",
        "ioctl",
        "fcntl64",
        "mmap2",
        "mmap",
        "arm_fadvise64_64",
        "cacheflush",
        "vm86",
        "newfstatat",
        "rseq",
        "statx",
        "futex",
        "execve",
        "keyctl",
        "no_such_call",
    ];

    private static readonly ulong[] Values =
    [
        0,
        1,
        2,
        40,
        0xff,
        0x7fff_ffff,
        0x8000_0000,
        0xffff_ffff,
        0x1_0000_0000,
        0x1_0000_0001,
        0xffff_ffff_0000_0000,
        ulong.MaxValue - 1,
        ulong.MaxValue,
    ];

    /// <summary>Arguments of a call.</summary>
    public static readonly Gen<ulong[]> Arguments = Gen.Frequency((4, OneOf(Values)), (1, Gen.ULong)).Array[6];

    private static readonly Gen<(SeccompActionType Action, uint? Value)> Actions = Gen.Select(
        Gen.Enum<SeccompActionType>().Where(action => action != SeccompActionType.Notify),
        Gen.UInt[0, 4094], // libseccomp refuses the last
        Gen.Bool,
        (action, value, isGiven) =>
            (action, isGiven && action is SeccompActionType.Errno or SeccompActionType.Trace ? (uint?)value : null)
    );

    private static readonly Gen<SeccompArgSpec> Args = Gen.Select(
        Gen.UInt[0, 5],
        OneOf(Values),
        OneOf(Values),
        Gen.Enum<SeccompOperator>(),
        (index, value, two, comparison) =>
            new SeccompArgSpec(index, value, comparison == SeccompOperator.MaskedEqual ? two : 0, comparison)
    );

    private static readonly Gen<SeccompRuleSpec> Rules = Gen.Select(
        OneOf(Names).Array[1, 4],
        Actions,
        Gen.Frequency((2, Gen.Const(0)), (3, Gen.Int[1, 3])).SelectMany(count => Args.Array[count]),
        (names, action, args) =>
            new SeccompRuleSpec
            {
                Names = [.. names.Distinct()],
                Action = action.Action,
                ErrnoRet = action.Value,
                Args = args,
            }
    );

    /// <summary>Profiles of any kind for some architectures.</summary>
    public static Gen<SeccompSpec> Of(params SeccompArchitecture[] architectures) =>
        Gen.Select(
            Actions,
            Rules.Array[0, 30],
            (action, rules) =>
                new SeccompSpec
                {
                    DefaultAction = action.Action,
                    DefaultErrnoRet = action.Value,
                    Architectures = architectures,
                    Syscalls = rules,
                }
        );

    private static Gen<T> OneOf<T>(T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
