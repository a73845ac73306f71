using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Tare.Launch.Calls;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// Which system calls a process may make, by their names. Immutable: each method gives a further profile. Of several rules
/// for a call the last whose conditions all hold decides, so that what is added changes what was there; where none holds,
/// <see cref="Otherwise"/>. Loaded just before the program is executed, so it must allow execve(2). seccomp(2).
/// </summary>
public sealed partial record SeccompProfile
{
    /// <summary>A profile without rules.</summary>
    /// <param name="otherwise">What becomes of all calls.</param>
    public SeccompProfile(SeccompAnswer otherwise) => Otherwise = otherwise;

    /// <summary>
    /// What becomes of calls that no rule is about. Where this fails or kills, a call that is newer than all that rules name
    /// fails with ENOSYS instead: programs then try an older one, and give up otherwise.
    /// </summary>
    public SeccompAnswer Otherwise { get; init; }

    /// <summary>The rules, the last that applies being the one that counts.</summary>
    public ImmutableArray<CallRule> Rules { get; init; } = [];

    /// <summary>
    /// Other ways of making calls that the rules are for too: <see cref="FilterAbi.X86"/> for 32-bit programs. A thread that
    /// calls by any other than these and the processor's own is killed. What i386 makes by socketcall(2) and ipc(2) has its
    /// arguments in memory, where no filter can look: a rule with conditions does not let it through there, and refuses it
    /// whatever they are.
    /// </summary>
    public ImmutableArray<FilterAbi> FurtherAbis { get; init; } = [];

    /// <summary>Further wishes. SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW.</summary>
    public SeccompFilterFlags Flags { get; init; }

    /// <summary>Decides about calls whose answer is <see cref="SeccompAnswer.Notify"/>.</summary>
    public SystemCallHandler? Handler { get; init; }

    /// <summary>See <see cref="SeccompFilter.HandlerFailed"/>.</summary>
    public Action<SystemCall, Exception>? HandlerFailed { get; init; }

    /// <summary>Lets calls through.</summary>
    /// <exception cref="ArgumentException">A name is none of a system call.</exception>
    public SeccompProfile Allow(params ReadOnlySpan<string> names) => When(SeccompAnswer.Allow, names);

    /// <summary>Fails calls.</summary>
    /// <exception cref="ArgumentException">A name is none of a system call, or the errno is none.</exception>
    public SeccompProfile Deny(Errno errno, params ReadOnlySpan<string> names) =>
        When(SeccompAnswer.Fail(errno), names);

    /// <summary>Kills the process for calls.</summary>
    /// <exception cref="ArgumentException">A name is none of a system call.</exception>
    public SeccompProfile Kill(params ReadOnlySpan<string> names) => When(SeccompAnswer.Kill, names);

    /// <summary>Lets calls through and has the kernel log them.</summary>
    /// <exception cref="ArgumentException">A name is none of a system call.</exception>
    public SeccompProfile Log(params ReadOnlySpan<string> names) => When(SeccompAnswer.Log, names);

    /// <summary>Has the handler decide about calls.</summary>
    /// <exception cref="ArgumentException">A name is none of a system call.</exception>
    public SeccompProfile Notify(params ReadOnlySpan<string> names) => When(SeccompAnswer.Notify, names);

    /// <summary>Answers calls whose arguments are like this.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="names">The calls.</param>
    /// <param name="conditions">What all must hold; none is always.</param>
    /// <exception cref="ArgumentException">A name is none of a system call, or an argument's index is not 0 to 5.</exception>
    public SeccompProfile When(
        SeccompAnswer answer,
        ReadOnlySpan<string> names,
        params ReadOnlySpan<ArgumentCondition> conditions
    )
    {
        if (names.IsEmpty)
        {
            throw new ArgumentException("no call is named", nameof(names));
        }

        CallRule rule = new([.. names], answer.Word, [.. conditions]);
        SeccompChecks.Check(rule, nameof(names));
        return this with { Rules = Rules.Add(rule) };
    }

    /// <summary>Has a handler decide about calls whose answer is <see cref="SeccompAnswer.Notify"/>.</summary>
    public SeccompProfile With(SystemCallHandler handler) => this with { Handler = handler };

    /// <summary>Compiles the profile for this processor.</summary>
    /// <exception cref="ArgumentException">
    /// A name is unknown; nobody decides about calls that ask; or the filter is longer than the kernel takes.
    /// </exception>
    public SeccompFilter ToFilter()
    {
        StartChecks.Given(Rules, nameof(Rules));
        StartChecks.Given(FurtherAbis, nameof(FurtherAbis));
        foreach (CallRule rule in Rules)
        {
            SeccompChecks.Check(rule, nameof(Rules));
        }

        FilterRules rules = new()
        {
            Otherwise = Otherwise.Word,
            Rules = [.. Rules.Reverse()],
            InOrder = true,
            FurtherAbis = FurtherAbis,
            HidesNewCalls = !FilterVerdicts.IsNotify(Otherwise.Word),
        };
        if (rules.Notifies && Handler is null)
        {
            throw new ArgumentException("a rule asks a handler, and there is none", nameof(Handler));
        }

        SocketFilter[] program = FilterCompiler.Compile(
            rules,
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArchitecture.Arm64 : CpuArchitecture.X64
        );
        int longest = rules.Notifies ? SeccompCalls.LongestWithListener : Seccomp.MaximumLength;
        if (program.Length > longest)
        {
            throw new ArgumentException(
                $"the rules make a filter of {program.Length} instructions, and there may be {longest}",
                nameof(Rules)
            );
        }

        return new SeccompFilter(ImmutableCollectionsMarshal.AsImmutableArray(program))
        {
            Flags = Flags,
            Handler = rules.Notifies ? Handler : null,
            HandlerFailed = HandlerFailed,
            LetsWait = LetsThrough("futex") && LetsThrough("ppoll") && LetsThrough("read"),
        };
    }

    // Whatever the arguments.
    private bool LetsThrough(string call)
    {
        CallRule[] about = [.. Rules.Where(rule => rule.Names.Contains(call))];
        return Array.Find(about, rule => rule.Conditions.IsEmpty) is { } decides
            ? FilterVerdicts.LetsThrough(decides.Verdict)
            : about.Length == 0 && FilterVerdicts.LetsThrough(Otherwise.Word);
    }
}
