using System.Runtime.CompilerServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>The system calls of a sandbox: compiled once for each profile, since it is the same for every start.</summary>
internal static class SandboxFilter
{
    private static readonly ConditionalWeakTable<SeccompProfile, SeccompFilter> Whole = [];
    private static readonly ConditionalWeakTable<SeccompProfile, SeccompFilter> WithoutNetwork = [];

    /// <summary>The filter of the wished profile.</summary>
    /// <exception cref="ArgumentException">It cannot be compiled.</exception>
    public static SeccompFilter Of(SandboxOptions options, SandboxLevel level)
    {
        SeccompProfile profile = options.SystemCalls ?? SeccompProfile.Container;
        return level == SandboxLevel.Process && options.Network == SandboxNetwork.None
            ? WithoutNetwork.GetValue(profile, static profile => CutOff(profile).ToFilter())
            : Whole.GetValue(profile, static profile => profile.ToFilter());
    }

    /// <summary>
    /// The profile with no sockets but the machine's own kind. Without a network namespace sockets are the only way to the
    /// network, and Landlock knows TCP alone. A rule without conditions decides alone, so those that let sockets through are
    /// given the condition.
    /// </summary>
    internal static SeccompProfile CutOff(SeccompProfile profile)
    {
        const string Call = "socket";
        const ulong Local = (ulong)SocketFamily.AF_UNIX;
        SeccompProfile cut = (profile with { Rules = [] }).When(
            SeccompAnswer.Fail(Errno.EACCES),
            [Call],
            new ArgumentCondition(0, ArgumentComparison.NotEqual, Local)
        );
        foreach (CallRule rule in profile.Rules)
        {
            bool opens =
                rule.Conditions.IsEmpty
                && rule.Names.Contains(Call)
                && (FilterVerdicts.LetsThrough(rule.Verdict) || FilterVerdicts.IsNotify(rule.Verdict));
            if (!opens)
            {
                cut = cut with { Rules = cut.Rules.Add(rule) };
                continue;
            }

            if (rule.Names.RemoveAll(name => name == Call) is { IsEmpty: false } others)
            {
                cut = cut with { Rules = cut.Rules.Add(rule with { Names = others }) };
            }

            ArgumentCondition local = new(0, ArgumentComparison.Equal, Local);
            cut = cut with { Rules = cut.Rules.Add(rule with { Names = [Call], Conditions = [local] }) };
        }

        return cut;
    }
}
