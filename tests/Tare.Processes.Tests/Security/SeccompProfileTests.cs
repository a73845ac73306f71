using System.Collections.Concurrent;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Security;

public sealed class SeccompProfileTests
{
    private static SeccompProfile AllButRules => new(SeccompAnswer.Allow);

    [Fact]
    public async Task A_denied_call_fails_with_its_errno()
    {
        (ProcessExit exit, string output) = await Running.ShellAsync(
            "mkdir /tmp/never-made",
            options => options with { Seccomp = AllButRules.Deny(Errno.EDQUOT, "mkdir", "mkdirat").ToFilter() }
        );

        Assert.Contains("Disk quota exceeded", output, StringComparison.Ordinal);
        Assert.False(exit.Success);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_filter_that_forbids_execve_is_named_where_the_program_is_not_executed(bool forbids)
    {
        ProcessStartException refused = Assert.Throws<ProcessStartException>(() =>
            ChildProcess.Start(
                new(forbids ? "true" : "/")
                {
                    Seccomp = AllButRules.Deny(Errno.EPERM, forbids ? "execve" : "mkdir").ToFilter(),
                }
            )
        );

        Assert.Equal(
            (nameof(ProcessStartOptions.FileName), forbids ? Errno.EPERM : Errno.EACCES),
            (refused.Setting, refused.Errno)
        );
        Assert.Equal(
            forbids,
            refused.Message.EndsWith(" (its filter of system calls forbids execve, perhaps)", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_call_that_kills_ends_the_process()
    {
        (ProcessExit exit, _) = await Running.RunAsync(
            new("mkdir", "/tmp/never-made") { Seccomp = AllButRules.Kill("mkdir", "mkdirat").ToFilter() }
        );

        Assert.Equal(Signal.SIGSYS, exit.Status.Signal);
    }

    [Fact]
    public async Task A_rule_with_conditions_is_about_those_arguments_only()
    {
        SeccompFilter filter = AllButRules
            .When(
                SeccompAnswer.Fail(Errno.EXDEV),
                ["kill"],
                new ArgumentCondition(1, ArgumentComparison.Equal, (ulong)Signal.SIGUSR1)
            )
            .ToFilter();

        (_, string output) = await Running.ShellAsync(
            "kill -USR1 $$; kill -0 $$ && echo fine",
            options => options with { Seccomp = filter }
        );

        Assert.Contains("ross-device", output, StringComparison.Ordinal);
        Assert.EndsWith("fine\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_user_can_be_filtered_with_no_new_privileges()
    {
        Require.Root();
        (ProcessExit exit, string output) = await Running.ShellAsync(
            "id -u; mkdir /tmp/never-made",
            options =>
                options with
                {
                    Credentials = new ProcessCredentials(65534, 65534),
                    NoNewPrivileges = true,
                    Seccomp = AllButRules.Deny(Errno.EDQUOT, "mkdir", "mkdirat").ToFilter(),
                }
        );

        Assert.StartsWith("65534\n", output, StringComparison.Ordinal);
        Assert.Contains("Disk quota exceeded", output, StringComparison.Ordinal);
        Assert.False(exit.Success);
    }

    /// <summary>What is added changes what was there: whole, in part, and back again.</summary>
    [Fact]
    public async Task The_last_rule_that_applies_decides()
    {
        ConcurrentQueue<string> asked = [];
        ArgumentCondition kill = new(1, ArgumentComparison.Equal, (ulong)Signal.SIGUSR1);
        SeccompFilter filter = SeccompProfile
            .Container.Notify("mkdir", "mkdirat")
            .With(
                (call, _) =>
                {
                    asked.Enqueue(call.Name!);
                    return ValueTask.FromResult(SystemCallReply.Fail(Errno.EDQUOT));
                }
            )
            .When(SeccompAnswer.Fail(Errno.EXDEV), ["kill"], kill)
            .Deny(Errno.EACCES, "rmdir")
            .Allow("rmdir")
            .When(SeccompAnswer.Fail(Errno.ENOSPC), ["umask"], new ArgumentCondition(0, ArgumentComparison.Equal, 0x3F))
            .When(SeccompAnswer.Allow, ["umask"], new ArgumentCondition(0, ArgumentComparison.Equal, 0x3F))
            .ToFilter();

        (_, string output) = await Running.ShellAsync(
            "mkdir /tmp/never-made; kill -USR1 $$; kill -0 $$ && echo fine; rmdir /tmp/never-made; umask 077; umask",
            options => options with { Seccomp = filter }
        );

        Assert.Contains(asked, name => name.StartsWith("mkdir", StringComparison.Ordinal));
        Assert.Contains("Disk quota exceeded", output, StringComparison.Ordinal);
        Assert.Contains("ross-device", output, StringComparison.Ordinal);
        Assert.Contains("fine\n", output, StringComparison.Ordinal);
        Assert.Contains("No such file", output, StringComparison.Ordinal);
        Assert.EndsWith("0077\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_condition_over_what_fails_otherwise_takes_back_what_was_allowed()
    {
        SeccompFilter filter = new SeccompProfile(SeccompAnswer.Fail(Errno.EPERM))
            .Allow([.. SeccompProfile.Container.Rules.SelectMany(rule => rule.Names)])
            .When(
                SeccompAnswer.Fail(Errno.EPERM),
                ["kill"],
                new ArgumentCondition(1, ArgumentComparison.Equal, (ulong)Signal.SIGUSR1)
            )
            .ToFilter();

        (_, string output) = await Running.ShellAsync(
            "kill -USR1 $$; kill -0 $$ && echo fine",
            options => options with { Seccomp = filter }
        );

        Assert.Contains("not permitted", output, StringComparison.Ordinal);
        Assert.EndsWith("fine\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_filter_can_say_is_an_ArgumentException()
    {
        Assert.Throws<ArgumentException>(() => AllButRules.Allow("no_such_call"));
        Assert.Throws<ArgumentException>(() => AllButRules.Allow());
        Assert.Throws<ArgumentException>(() =>
            AllButRules.When(SeccompAnswer.Kill, ["read"], new ArgumentCondition(6, ArgumentComparison.Equal, 0))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => SeccompAnswer.Fail((Errno)5000));
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemCallReply.Fail(Errno.None));
        Assert.Throws<ArgumentException>(() => AllButRules.Notify("read").ToFilter());
        Assert.Throws<ArgumentException>(() =>
            ChildProcess.Start(
                new("true")
                {
                    Seccomp = AllButRules.ToFilter() with
                    {
                        Flags = SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER,
                    },
                }
            )
        );
    }

    [Fact]
    public async Task Programs_run_under_the_profile_for_containers_and_cannot_mount()
    {
        (ProcessExit exit, string output) = await Running.ShellAsync(
            "ls / | sort | head -1; (echo a; echo b) | wc -l; unshare -m true || echo no; mount -t tmpfs none /mnt || echo no",
            options => options with { Seccomp = SeccompProfile.Container.ToFilter() }
        );

        Assert.True(exit.Success, output);
        Assert.Contains("2\n", output, StringComparison.Ordinal);
        Assert.Equal(2, output.Split('\n').Count(line => line == "no"));
    }

    [Fact]
    public async Task A_computation_runs_under_the_strict_profile_and_can_do_nothing_else()
    {
        // Not a script that looks for the interpreter: that would start processes.
        const string python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(python), "needs python3");
        (ProcessExit exit, string output) = await Running.RunAsync(
            new(
                python,
                "-c",
                """
                import os, socket, threading
                t = threading.Thread(target=lambda: print(sum(range(10)), flush=True)); t.start(); t.join()
                def refused(what, f):
                    try: f(); print(what, 'allowed')
                    except OSError as e: print(what, e.errno)
                refused('fork', os.fork)
                refused('socket', lambda: socket.socket())
                refused('write', lambda: open('/tmp/never-made', 'w'))
                refused('unlink', lambda: os.unlink('/tmp/never-made'))
                refused('mkdir', lambda: os.mkdir('/tmp/never-made'))
                refused('kill', lambda: os.kill(1, 0))
                """
            )
            {
                Seccomp = SeccompProfile.Computation.ToFilter(),
            }
        );

        Assert.Equal("45\nfork 1\nsocket 1\nwrite 1\nunlink 1\nmkdir 1\nkill 1\n", output);
        Assert.True(exit.Success);
    }
}
