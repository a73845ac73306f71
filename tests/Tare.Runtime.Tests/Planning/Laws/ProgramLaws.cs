using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Planning.Laws;

/// <summary>What every program may be sure of, and what nobody can reach through it.</summary>
internal static class ProgramLaws
{
    public static void Check(LaunchPlan plan, ValidatedProcess process, LaunchContext context)
    {
        int program = plan.Calls(Syscall.execve)[0];
        CheckDescriptors(plan, program, context);
        CheckWorkingDirectory(plan, program);
        CheckCredentials(plan, program, process);
        CheckSession(plan, program, process, context);
        CheckSignals(plan, program, context);
        Assert.True(
            Enumerable
                .Range(program, plan.Steps.Length - program)
                .All(i => plan.Steps[i] is FailStep or CallStep { Call: Syscall.execve }),
            "something other than the program comes after it"
        );
    }

    // CVE-2024-21626: closed, not only marked, when the program's path is walked, and nothing opened after that.
    // CVE-2019-5736: by then the launcher's executable is not the process's any more.
    private static void CheckDescriptors(LaunchPlan plan, int program, LaunchContext context)
    {
        int close = plan.Calls(Syscall.close_range).Last(i => i < program);
        CallStep call = plan.Call(close);
        Assert.Equal(3 + context.PreservedDescriptors, call.Arguments[0].Value);
        Assert.Equal(uint.MaxValue, call.Arguments[1].Value);
        Assert.Equal((long)CloseRangeFlags.CLOSE_RANGE_CLOEXEC, call.Arguments[2].Value);
        int seal = plan.Steps.IndexOf(plan.Steps.OfType<SealStep>().Single());
        Assert.True(close < seal && seal < program);
        for (int i = close + 1; i < program; i++)
        {
            // What the process opens of its own attributes it also closes.
            if (plan.Steps[i] is CallStep { Group: "labels", Call: Syscall.openat2, Result: { } attribute })
            {
                Assert.Contains(plan.Calls(Syscall.close), k => k > i && plan.Call(k).Arguments[0].Slot == attribute);
                continue;
            }

            Assert.True(
                plan.Steps[i] is not CallStep { Call: Syscall.openat or Syscall.openat2 or Syscall.open_tree },
                $"'{plan.Steps[i].Words}' comes after the descriptors have been closed"
            );
        }

        // Whoever is in the PID namespace that a program is added to sees nothing before the seal.
        int spawned = Enumerable.Range(0, plan.Steps.Length).LastOrDefault(i => plan.Steps[i] is SpawnStep, -1);
        Assert.True(context.Root != RootView.Joined || spawned < 0 || seal < spawned);
    }

    private static void CheckWorkingDirectory(LaunchPlan plan, int program)
    {
        int check = Assert.Single(plan.Calls(Syscall.getcwd));
        Assert.True(check < program);
        Assert.True(plan.Calls(Syscall.fchdir).Concat(plan.Calls(Syscall.chdir)).All(i => i < check));
        CheckStep inside = Assert.IsType<CheckStep>(plan.Steps[check + 1]);
        Assert.Null(inside.Otherwise);
        Assert.Equal(
            (0, 1, 0xFFul, (ulong)'/', false),
            (inside.Offset, inside.Width, inside.Mask, inside.Expected, inside.MustDiffer)
        );
        Assert.Equal(plan.Call(check).Arguments[0].Memory, inside.Memory);
    }

    private static void CheckCredentials(LaunchPlan plan, int program, ValidatedProcess process)
    {
        // An init process of its own drops its own before.
        int groups = plan.Calls(Syscall.setresgid)[^1];
        int user = plan.Calls(Syscall.setresuid)[^1];
        int sets = plan.Calls(Syscall.capset)[^1];
        Assert.True(groups < user && user < sets && sets < program);
        Assert.All(plan.Calls(Syscall.setgroups), i => Assert.True(i < groups));
        Assert.All([0, 1, 2], k => Assert.Equal(process.Uid, plan.Call(user).Arguments[k].Value));
        Assert.All([0, 1, 2], k => Assert.Equal(process.Gid, plan.Call(groups).Arguments[k].Value));

        int[] dropped = [.. Prctls(plan, PrctlOption.PR_CAPBSET_DROP)];
        Assert.All(dropped, i => Assert.True(i < user));
        Assert.Equal(
            Enumerable
                .Range(0, CapabilityNames.All.Length)
                .Where(n => (process.Capabilities.Bounding & (1UL << n)) == 0),
            dropped.Select(i => (int)plan.Call(i).Arguments[1].Value)
        );
        int[] raised = [.. Prctls(plan, PrctlOption.PR_CAP_AMBIENT)];
        Assert.All(raised, i => Assert.True(sets < i && i < program));
        Assert.Equal(System.Numerics.BitOperations.PopCount(process.Capabilities.Ambient), raised.Length);

        bool asked = process.NoNewPrivileges;
        int init = EndOfInit(plan);
        Assert.Equal(asked, Prctls(plan, PrctlOption.PR_SET_NO_NEW_PRIVS).Any(i => i > init && i < program));
    }

    private static void CheckSession(LaunchPlan plan, int program, ValidatedProcess process, LaunchContext context)
    {
        int session = Assert.Single(plan.Calls(Syscall.setsid));
        int spawned = Enumerable.Range(0, plan.Steps.Length).LastOrDefault(i => plan.Steps[i] is SpawnStep, -1);
        Assert.True(spawned < session && session < program);
        int[] controlling = [.. Ioctls(plan, IoctlRequest.TIOCSCTTY)];
        Assert.Equal(process.Terminal ? 1 : 0, controlling.Length);
        Assert.All(controlling, i => Assert.True(session < i && i < program));

        // The signal that ends it with its launcher is lost when credentials change or a process is made.
        int[] deaths = [.. Prctls(plan, PrctlOption.PR_SET_PDEATHSIG).Where(i => i > EndOfInit(plan))];
        Assert.Equal(context.DieWithLauncher ? 1 : 0, deaths.Length);
        Assert.All(deaths, i => Assert.True(i > spawned && i > plan.Calls(Syscall.capset)[^1] && i < program));
    }

    // All that its launcher ignores; the launch itself gives back SIGPIPE.
    private static void CheckSignals(LaunchPlan plan, int program, LaunchContext context)
    {
        int[] actions = [.. plan.Calls(Syscall.rt_sigaction).Where(i => i > EndOfInit(plan))];
        SignalSet signals = SignalSet.Of([.. actions.Select(i => (Signal)plan.Call(i).Arguments[0].Value)]);
        Assert.Equal(context.IgnoredSignals.Without(Signal.SIGPIPE), signals);
        Assert.All(actions, i => Assert.True(i < program));
        Assert.All(actions, i => Assert.False(plan.Call(i).Arguments[1].Blob.Span.ContainsAnyExcept((byte)0)));
    }

    // The last step that an init process of its own takes, or -1.
    private static int EndOfInit(LaunchPlan plan) => plan.Calls(Syscall.execveat).DefaultIfEmpty(-1).Last();

    private static IEnumerable<int> Prctls(LaunchPlan plan, PrctlOption option) =>
        plan.Calls(Syscall.prctl).Where(i => plan.Call(i).Arguments[0].Value == (long)option);

    private static IEnumerable<int> Ioctls(LaunchPlan plan, IoctlRequest request) =>
        plan.Calls(Syscall.ioctl).Where(i => plan.Call(i).Arguments[1].Value == (long)(ulong)request);
}
