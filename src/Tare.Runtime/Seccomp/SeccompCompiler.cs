using System.Collections.Immutable;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Seccomp;

/// <summary>
/// Makes the program of classic BPF that the kernel decides about system calls by, of a profile of config.json. The
/// answers are those that runc gives through libseccomp; docs/adr/0005-seccomp.md says how they come about.
/// </summary>
public static class SeccompCompiler
{
    /// <summary>The program for a processor. Calls of its own architecture are always decided by the profile.</summary>
    /// <exception cref="SpecException">The program is longer than the kernel takes.</exception>
    public static SocketFilter[] Compile(SeccompSpec profile, CpuArchitecture processor)
    {
        SocketFilter[] program = FilterCompiler.Compile(RulesOf(profile), processor);
        return program.Length <= Tare.Linux.Seccomp.MaximumLength
            ? program
            : throw new SpecException(
                "linux.seccomp.syscalls",
                $"make a filter of {program.Length} instructions, and the kernel takes {Tare.Linux.Seccomp.MaximumLength} "
                    + "(give fewer conditions)"
            );
    }

    /// <summary>The same rules without the specification's words.</summary>
    internal static FilterRules RulesOf(SeccompSpec profile) =>
        new()
        {
            Otherwise = Verdicts.Of(profile.DefaultAction, profile.DefaultErrnoRet),
            FurtherAbis = AbisOf(profile),
            Rules = [.. profile.Syscalls.Select(RuleOf)],
        };

    // Conditions belong together unless two are about the same argument: then, as in runc, any one of them is enough.
    private static CallRule RuleOf(SeccompRuleSpec rule) =>
        new([.. rule.Names], Verdicts.Of(rule.Action, rule.ErrnoRet), [.. rule.Args.Select(ConditionOf)])
        {
            AnyCondition = rule.Args.DistinctBy(arg => arg.Index).Count() != rule.Args.Count,
        };

    private static ArgumentCondition ConditionOf(SeccompArgSpec arg) =>
        new((int)arg.Index, (ArgumentComparison)(int)arg.Operator, arg.Value, arg.ValueTwo);

    // Of the other processors' architectures no call can come.
    private static ImmutableArray<FilterAbi> AbisOf(SeccompSpec profile)
    {
        ImmutableArray<FilterAbi>.Builder abis = ImmutableArray.CreateBuilder<FilterAbi>();
        foreach (SeccompArchitecture architecture in profile.Architectures)
        {
            FilterAbi? abi = architecture switch
            {
                SeccompArchitecture.X32 => FilterAbi.X32,
                SeccompArchitecture.X86 => FilterAbi.X86,
                SeccompArchitecture.Arm => FilterAbi.Arm,
                _ => null,
            };
            if (abi is { } known)
            {
                abis.Add(known);
            }
        }

        return abis.ToImmutable();
    }
}
