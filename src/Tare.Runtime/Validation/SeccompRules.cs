using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.seccomp</c>. config-linux.md, "Seccomp"; seccomp(2).</summary>
public static class SeccompRules
{
    private const string Property = "linux.seccomp";
    private const string ReceiverAnnotation = "run.oci.seccomp.receiver";

    // The kernel cuts greater ones down to this. linux/err.h.
    private const uint MostErrno = 4095;
    private const uint MostTraceData = ushort.MaxValue;

    /// <summary>What can be asked for on this machine: flags that the kernel does not know are left out.</summary>
    public static SeccompFeatures Features =>
        new(
            [.. Enum.GetValues<SeccompActionType>()],
            [.. Enum.GetValues<SeccompFlag>().Where(flag => Tare.Linux.Seccomp.IsSupported(KernelFlag(flag)))]
        );

    /// <summary>
    /// Checks the profile of a configuration; null is none. The annotation that crun reads names the socket of whoever answers
    /// notifications where the profile does not.
    /// </summary>
    /// <exception cref="SpecException">A property is wrong, or asks for something that is not supported.</exception>
    public static SeccompSpec? Check(RuntimeSpec spec) =>
        Check(
            spec.Linux?.Seccomp is { ListenerPath: null or "" } profile
            && spec.Annotations.TryGetValue(ReceiverAnnotation, out string? receiver)
                ? profile with
                {
                    ListenerPath = receiver,
                }
                : spec.Linux?.Seccomp
        );

    /// <summary>Checks a profile; null is none.</summary>
    /// <exception cref="SpecException">A property is wrong, or asks for something that is not supported.</exception>
    public static SeccompSpec? Check(SeccompSpec? profile)
    {
        if (profile is null)
        {
            return null;
        }

        CheckValue($"{Property}.defaultErrnoRet", profile.DefaultAction, profile.DefaultErrnoRet);
        if (profile is { ListenerMetadata: not null, ListenerPath: null })
        {
            throw new SpecException($"{Property}.listenerMetadata", "needs a listenerPath (give one, or leave it out)");
        }

        bool asks = SeccompNotices.AreWanted(profile);
        if (asks && string.IsNullOrEmpty(profile.ListenerPath))
        {
            throw new SpecException(
                $"{Property}.listenerPath",
                "is missing (SCMP_ACT_NOTIFY needs the socket of whoever answers: name it, or use another action)"
            );
        }

        if (!asks && (profile.Flags?.Contains(SeccompFlag.WaitKillable) ?? false))
        {
            throw new SpecException(
                $"{Property}.flags",
                $"{SeccompNames.Of(SeccompFlag.WaitKillable)} is about notifications only (leave it out)"
            );
        }

        for (int i = 0; i < profile.Syscalls.Count; i++)
        {
            SeccompRuleSpec rule = profile.Syscalls[i];
            string property = $"{Property}.syscalls[{i}]";
            if (rule.Names.Count == 0)
            {
                throw new SpecException($"{property}.names", "is empty (name system calls)");
            }

            CheckValue($"{property}.errnoRet", rule.Action, rule.ErrnoRet);
        }

        return profile;
    }

    private static SeccompFilterFlags KernelFlag(SeccompFlag flag) =>
        flag switch
        {
            SeccompFlag.ThreadSync => SeccompFilterFlags.SECCOMP_FILTER_FLAG_TSYNC,
            SeccompFlag.Log => SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG,
            SeccompFlag.SpeculationAllowed => SeccompFilterFlags.SECCOMP_FILTER_FLAG_SPEC_ALLOW,
            SeccompFlag.WaitKillable => SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
                | SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER,
            _ => throw new ArgumentOutOfRangeException(nameof(flag), flag, "no flag"),
        };

    private static void CheckValue(string property, SeccompActionType action, uint? value)
    {
        uint most = action switch
        {
            SeccompActionType.Errno => MostErrno,
            SeccompActionType.Trace => MostTraceData,
            _ when value is null => 0,
            _ => throw new SpecException(
                property,
                $"{SeccompNames.Of(action)} returns no value (leave it out, or use SCMP_ACT_ERRNO or SCMP_ACT_TRACE)"
            ),
        };
        if (value > most)
        {
            throw new SpecException(
                property,
                $"{value} is above {most}, the greatest that there can be (give another)"
            );
        }
    }
}
