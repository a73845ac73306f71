using Tare.Oci;

namespace Tare.Runtime.Validation;

/// <summary>Rules of <c>linux.seccomp</c>. config-linux.md, "Seccomp"; seccomp(2).</summary>
public static class SeccompRules
{
    private const string Property = "linux.seccomp";

    // The kernel cuts greater ones down to this. linux/err.h.
    private const uint MostErrno = 4095;
    private const uint MostTraceData = ushort.MaxValue;

    /// <summary>What can be asked for.</summary>
    public static SeccompFeatures Features { get; } =
        new(
            [.. Enum.GetValues<SeccompActionType>().Where(action => action != SeccompActionType.Notify)],
            [.. Enum.GetValues<SeccompFlag>().Where(flag => flag != SeccompFlag.WaitKillable)]
        );

    /// <summary>Checks a profile; null is none.</summary>
    /// <exception cref="SpecException">A property is wrong, or asks for something that is not supported.</exception>
    public static SeccompSpec? Check(SeccompSpec? profile)
    {
        if (profile is null)
        {
            return null;
        }

        CheckAction($"{Property}.defaultAction", profile.DefaultAction);
        CheckValue($"{Property}.defaultErrnoRet", profile.DefaultAction, profile.DefaultErrnoRet);
        if (profile is { ListenerMetadata: not null, ListenerPath: null })
        {
            throw new SpecException($"{Property}.listenerMetadata", "needs a listenerPath (give one, or leave it out)");
        }

        if (profile.Flags?.Contains(SeccompFlag.WaitKillable) ?? false)
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

            CheckAction($"{property}.action", rule.Action);
            CheckValue($"{property}.errnoRet", rule.Action, rule.ErrnoRet);
        }

        return profile;
    }

    private static void CheckAction(string property, SeccompActionType action)
    {
        if (action == SeccompActionType.Notify)
        {
            throw new SpecException(
                property,
                "SCMP_ACT_NOTIFY is not supported yet (use another action, or run this container with another runtime)"
            );
        }
    }

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
