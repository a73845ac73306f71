using System.Collections.Concurrent;
using System.Text;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Security;

public sealed class SystemCallHandlerTests
{
    private static SeccompProfile AllButRules => new(SeccompAnswer.Allow);

    [Fact]
    public async Task A_handler_sees_calls_and_lets_them_go_on()
    {
        ConcurrentQueue<(string? Name, string Path)> seen = [];
        SeccompFilter filter = AllButRules
            .Notify("mkdir", "mkdirat")
            .With(
                (call, _) =>
                {
                    seen.Enqueue((call.Name, call.ReadString(call.Arguments[call.Name == "mkdir" ? 0 : 1])));
                    return new(SystemCallReply.Continue);
                }
            )
            .ToFilter();
        using TemporaryDirectory directory = new();
        string path = $"{directory.Path}/made";

        (ProcessExit exit, string output) = await Running.RunAsync(new("mkdir", path) { Seccomp = filter });

        Assert.True(exit.Success, output);
        Assert.True(Directory.Exists(path));
        Assert.Equal([path], seen.Select(call => call.Path));
        Assert.StartsWith("mkdir", Assert.Single(seen).Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_answers_instead_of_the_kernel()
    {
        SeccompFilter filter = AllButRules
            .Notify("getuid", "geteuid", "mkdir", "mkdirat")
            .With(
                (call, _) =>
                    new(
                        call.Name!.StartsWith("mkdir", StringComparison.Ordinal)
                            ? SystemCallReply.Fail(Errno.ENOSPC)
                            : SystemCallReply.Return(4711)
                    )
            )
            .ToFilter();

        (_, string output) = await Running.ShellAsync(
            "id -u; mkdir /tmp/never-made",
            options => options with { Seccomp = filter }
        );

        Assert.StartsWith("4711\n", output, StringComparison.Ordinal);
        Assert.Contains("No space left", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_injects_a_descriptor()
    {
        using TemporaryDirectory directory = new();
        string secret = directory.Write("secret", "told\n");
        SeccompFilter filter = AllButRules
            .Notify("openat", "open")
            .With(
                (call, _) =>
                {
                    string path = call.ReadString(call.Arguments[call.Name == "open" ? 0 : 1]);
                    return new(
                        path == "/nowhere/secret"
                            ? SystemCallReply.Descriptor(
                                Files.OpenAt(null, secret, OpenFlags.O_RDONLY).OrThrow("open", secret),
                                closeOnExec: true
                            )
                            : SystemCallReply.Continue
                    );
                }
            )
            .ToFilter();

        (ProcessExit exit, string output) = await Running.RunAsync(new("cat", "/nowhere/secret") { Seccomp = filter });

        Assert.Equal("told\n", output);
        Assert.True(exit.Success);
    }

    [Fact]
    public async Task A_handler_writes_into_the_caller_and_gives_it_further_descriptors()
    {
        int given = -1;
        SeccompFilter filter = AllButRules
            .Notify("uname")
            .With(
                (call, _) =>
                {
                    // struct utsname begins with 65 bytes of sysname.
                    call.WriteMemory(call.Arguments[0], new byte[6 * 65]);
                    call.WriteMemory(call.Arguments[0], Encoding.ASCII.GetBytes("Unlike"));
                    using MemoryFd file = MemFds.CreateSealed("further", "x"u8).OrThrow("make a memfd");
                    given = call.AddDescriptor(file, closeOnExec: true, number: 77);
                    return new(SystemCallReply.Return(0));
                }
            )
            .ToFilter();

        (ProcessExit exit, string output) = await Running.RunAsync(new("uname", "-s") { Seccomp = filter });

        Assert.Equal(("Unlike\n", 77), (output, given));
        Assert.True(exit.Success);
    }

    [Fact]
    public async Task What_a_handler_throws_fails_the_call_with_EPERM_and_is_told()
    {
        Exception? told = null;
        SeccompFilter filter = (
            AllButRules.Notify("mkdir", "mkdirat") with
            {
                Handler = (_, _) => throw new InvalidOperationException("as it happens"),
                HandlerFailed = (_, failure) => told = failure,
            }
        ).ToFilter();

        (ProcessExit exit, string output) = await Running.RunAsync(
            new("mkdir", "/tmp/never-made") { Seccomp = filter }
        );

        Assert.Contains("Operation not permitted", output, StringComparison.Ordinal);
        Assert.False(exit.Success);
        Assert.IsType<InvalidOperationException>(told);
    }

    [Fact]
    public async Task Every_call_can_be_asked_about_even_those_that_the_launch_would_need()
    {
        ConcurrentDictionary<string, int> counts = [];
        SeccompFilter filter = new SeccompProfile(SeccompAnswer.Notify)
            .With(
                (call, _) =>
                {
                    counts.AddOrUpdate(call.Name!, 1, (_, before) => before + 1);
                    return new(SystemCallReply.Continue);
                }
            )
            .ToFilter();

        (ProcessExit exit, string output) = await Running.ShellAsync(
            "true | cat; echo done",
            options => options with { Seccomp = filter }
        );

        Assert.True(exit.Success);
        Assert.Equal("done\n", output);
        Assert.True(counts["execve"] >= 2);
        Assert.True(counts.ContainsKey("exit_group"));
    }

    [Fact]
    public async Task Calls_of_several_processes_wait_side_by_side()
    {
        TaskCompletionSource both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int waiting = 0;
        SeccompFilter filter = AllButRules
            .Notify("mkdir", "mkdirat")
            .With(
                async (_, _) =>
                {
                    // Neither is answered before both have asked.
                    if (Interlocked.Increment(ref waiting) == 2)
                    {
                        both.SetResult();
                    }

                    await both.Task;
                    return SystemCallReply.Return(0);
                }
            )
            .ToFilter();

        (ProcessExit exit, string output) = await Running.ShellAsync(
            "mkdir /nowhere/a & mkdir /nowhere/b & wait; echo done",
            options => options with { Seccomp = filter }
        );

        Assert.Equal("done\n", output);
        Assert.True(exit.Success);
    }

    [Fact]
    public async Task The_token_is_cancelled_when_nobody_is_left_and_no_descriptor_is()
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        SeccompFilter filter = AllButRules
            .Notify("mkdir", "mkdirat")
            .With(
                async (_, token) =>
                {
                    asked.SetResult();
                    await using (token.Register(left.SetResult))
                    {
                        await left.Task;
                    }

                    return SystemCallReply.Continue;
                }
            )
            .ToFilter();

        await using ChildProcess child = ChildProcess.Start(new("mkdir", "/nowhere/a") { Seccomp = filter });
        await asked.Task.WaitAsync(cancelled);
        child.Kill();

        Assert.Equal(Signal.SIGKILL, (await child.WaitForExitAsync(cancelled)).Status.Signal);
        await left.Task.WaitAsync(cancelled);
    }

    [Fact]
    public async Task A_suspended_process_is_asked_about_once_it_is_resumed()
    {
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        int asked = 0;
        SeccompFilter filter = AllButRules
            .Notify("execve")
            .With(
                (_, _) =>
                {
                    asked++;
                    return new(SystemCallReply.Continue);
                }
            )
            .ToFilter();
        using SuspendedProcess suspended = ChildProcess.StartSuspended(new("true") { Seccomp = filter });
        Assert.Equal(0, asked);

        await using ChildProcess child = suspended.Resume();

        Assert.True((await child.WaitForExitAsync(cancelled)).Success);
        Assert.True(asked > 0);
    }

    [Fact]
    public void A_program_that_a_handler_refuses_is_a_failed_start()
    {
        SeccompFilter filter = new SeccompProfile(SeccompAnswer.Notify)
            .With(
                (call, _) => new(call.Name == "execve" ? SystemCallReply.Fail(Errno.EACCES) : SystemCallReply.Continue)
            )
            .ToFilter();

        ProcessStartException failure = Assert.Throws<ProcessStartException>(() =>
            ChildProcess.Start(new("/bin/true") { Seccomp = filter })
        );

        Assert.Equal((nameof(ProcessStartOptions.FileName), Errno.EACCES), (failure.Setting, failure.Errno));
    }

    [Fact]
    public async Task An_ordinary_user_s_process_is_asked_about()
    {
        Require.Root();
        SeccompFilter filter = AllButRules
            .Notify("getuid", "geteuid")
            .With((_, _) => new(SystemCallReply.Return(1)))
            .ToFilter();

        (_, string output) = await Running.RunAsync(
            new("id", "-u")
            {
                Credentials = new ProcessCredentials(65534, 65534),
                NoNewPrivileges = true,
                Seccomp = filter,
            }
        );

        Assert.Equal("1\n", output);
    }
}
