using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>Plans that go on in an image of their own, really launched by this very process.</summary>
public sealed class SealedLaunchTests
{
    [Fact]
    public void The_program_runs_and_its_exit_code_is_known()
    {
        LaunchPlanBuilder plan = new();
        plan.Seal("go on alone");
        Execute(plan, "exit 7");

        using LaunchedProcess process = Launcher.Launch(plan.Build());

        Assert.Equal(7, ExitCode(process));
    }

    [Fact]
    public void Behind_the_seal_nothing_of_the_launcher_is_left()
    {
        using PipePair pipe = Pipes.Create().OrThrow("make a pipe");
        (LaunchPlan plan, LaunchInputs inputs) = Waiting(pipe.ReadEnd);

        using PendingLaunch pending = Launcher.Begin(plan, inputs);
        string folder = $"/proc/{pending.ProcessId}";
        Assert.Equal("/memfd:tare (deleted)", new FileInfo($"{folder}/exe").LinkTarget);
        string maps = File.ReadAllText($"{folder}/maps");
        Assert.DoesNotContain(Path.GetFileName(Environment.ProcessPath!), maps, StringComparison.Ordinal);
        Assert.DoesNotContain(".so", maps, StringComparison.Ordinal);

        // Standard streams, the input that it reads, the pipe on which it reports.
        Assert.Equal(5, Directory.GetFileSystemEntries($"{folder}/fd").Length);
        Files.Write(pipe.WriteEnd, "!"u8).OrThrow("write");
        using LaunchedProcess process = pending.Complete();

        Assert.Equal(0, ExitCode(process));
    }

    [Fact]
    public void Nobody_can_change_the_image()
    {
        using PipePair pipe = Pipes.Create().OrThrow("make a pipe");
        (LaunchPlan plan, LaunchInputs inputs) = Waiting(pipe.ReadEnd);
        using PendingLaunch pending = Launcher.Begin(plan, inputs);
        string path = $"/proc/{pending.ProcessId}/exe";
        using FileFd image = Files.OpenAt(null, path, OpenFlags.O_RDONLY).OrThrow("open", path);
        Files.Write(pipe.WriteEnd, "!"u8).OrThrow("write");
        using (LaunchedProcess process = pending.Complete())
        {
            ExitCode(process);
        }

        // It is executed no more, so that it might be written to.
        using FileFd writable = Files
            .OpenAt(null, $"/proc/self/fd/{image.Number}", OpenFlags.O_RDWR)
            .OrThrow("open the image");
        Assert.Equal(Errno.EPERM, Files.Write(writable, "changed"u8).Errno);
    }

    [Fact]
    public void A_step_that_fails_behind_the_seal_is_named_with_its_errno()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("ask for the user", Syscall.getuid);
        plan.Seal("go on alone");
        plan.Call("enter '/missing'", Syscall.chdir, "/missing");
        Execute(plan, "exit 0");

        LaunchException e = Assert.Throws<LaunchException>(() => Launcher.Launch(plan.Build()));

        Assert.Equal(new LaunchFailure(2, "enter '/missing'", Errno.ENOENT), e.Failure);
    }

    [Fact]
    public void A_step_that_fails_before_the_seal_is_named_too()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("enter '/missing'", Syscall.chdir, "/missing");
        plan.Seal("go on alone");
        Execute(plan, "exit 0");

        LaunchException e = Assert.Throws<LaunchException>(() => Launcher.Launch(plan.Build()));

        Assert.Equal(new LaunchFailure(0, "enter '/missing'", Errno.ENOENT), e.Failure);
    }

    [Fact]
    public void The_process_that_a_sealed_image_makes_is_handed_over()
    {
        LaunchPlanBuilder plan = new();
        plan.Seal("go on alone");
        plan.Add(new SpawnStep("go on in another process", CloneFlags.None));
        Execute(plan, "exit 5");

        using LaunchedProcess process = Launcher.Launch(plan.Build());

        Assert.Contains(
            $"PPid:\t{Environment.ProcessId}\n",
            File.ReadAllText($"/proc/{process.ProcessId}/status"),
            StringComparison.Ordinal
        );
        Assert.Equal(5, ExitCode(process));
    }

    [Fact]
    public void A_failure_of_the_process_that_a_sealed_image_makes_is_named()
    {
        LaunchPlanBuilder plan = new();
        plan.Seal("go on alone");
        plan.Add(new SpawnStep("go on in another process", CloneFlags.None));
        plan.Call("execute '/missing'", Syscall.execve, "/missing", Argument.Texts(["x"]), Argument.Texts([]));

        LaunchPlan built = plan.Build();
        for (int i = 0; i < 50; i++)
        {
            LaunchException e = Assert.Throws<LaunchException>(() => Launcher.Launch(built));
            Assert.Equal(new LaunchFailure(2, "execute '/missing'", Errno.ENOENT), e.Failure);
        }

        Assert.DoesNotContain(Children(), child => child.Contains("(tare)", StringComparison.Ordinal));
    }

    [Fact]
    public void An_image_that_is_killed_before_it_made_the_process_is_no_success()
    {
        LaunchPlanBuilder plan = new();
        plan.Seal("go on alone");
        plan.Call("end", Syscall.exit_group, 9);
        plan.Add(new SpawnStep("go on in another process", CloneFlags.None));
        Execute(plan, "exit 0");

        LaunchException e = Assert.Throws<LaunchException>(() => Launcher.Launch(plan.Build()));

        Assert.Equal(Errno.None, e.Failure.Errno);
        Assert.Equal(9, e.Failure.Ended?.ExitCode);
    }

    [Fact]
    public void A_program_that_is_called_proc_self_exe_is_the_image_and_ends()
    {
        LaunchPlanBuilder plan = new();
        plan.Seal("go on alone");
        plan.Call(
            "execute the executable",
            Syscall.execve,
            "/proc/self/exe",
            Argument.Texts(["x"]),
            Argument.Texts([])
        );

        using LaunchedProcess process = Launcher.Launch(plan.Build());

        Assert.Equal(125, ExitCode(process));
    }

    [Fact]
    public void The_failure_report_that_a_plan_names_gets_what_fails_behind_the_seal()
    {
        using PipePair pipe = Pipes.Create().OrThrow("make a pipe");
        LaunchPlanBuilder plan = new();
        Slot report = plan.NewInput("the report");
        plan.FailureReport = report;
        plan.Seal("go on alone");
        plan.Add(new FailStep("find one", Errno.ENODEV));
        using (Launcher.Launch(plan.Build(), new LaunchInputs().Add(report, pipe.WriteEnd)))
        {
            pipe.WriteEnd.Dispose();
            byte[] words = new byte[32];
            Assert.Equal(16, Files.Read(pipe.ReadEnd, words).OrThrow("read"));
            Assert.Equal(1, BitConverter.ToInt64(words, 0));
            Assert.Equal((int)Errno.ENODEV, BitConverter.ToInt64(words, 8));
        }
    }

    [Fact]
    public void What_is_sealed_cannot_ask_for_what_is_outside()
    {
        LaunchPlanBuilder slot = new();
        Slot root = slot.NewSlot("the root");
        slot.CallInto(root, "open it", Syscall.openat, Argument.WorkingDirectory, "/", 0);
        slot.Seal("go on alone");
        slot.Call("enter it", Syscall.fchdir, root);

        LaunchPlanBuilder memory = new();
        Scratch scratch = memory.NewScratch("a name", 64);
        memory.Call("ask for it", Syscall.getcwd, scratch, 64);
        memory.Seal("go on alone");
        memory.Call("enter it", Syscall.chdir, scratch);

        LaunchPlanBuilder gate = new();
        gate.Seal("go on alone");
        gate.Gate("wait for the launcher");

        LaunchPlanBuilder label = new();
        Label end = label.NewLabel("the end");
        label.Add(new JumpStep("go to the end", end));
        label.Seal("go on alone");
        label.Call("ask for the user", Syscall.getuid);
        label.Place(end);
        Execute(label, "exit 0");

        Assert.Equal(
            [
                "step 'enter it' needs ‹the root›, which is not known in a sealed image",
                "step 'enter it' needs 'a name', which is used outside of the sealed image",
                "step 'wait for the launcher' needs the launcher, which a sealed image has no word with",
                "step 'go to the end' needs 'the end', which lies in a sealed image",
            ],
            new[] { slot, memory, gate, label }.Select(plan =>
                Assert.Throws<InvalidOperationException>(() => plan.Build()).Message
            )
        );
    }

    private static (LaunchPlan Plan, LaunchInputs Inputs) Waiting(PipeFd input)
    {
        LaunchPlanBuilder plan = new();
        Slot word = plan.NewInput("the word");
        Scratch memory = plan.NewScratch("what was said", 1);
        plan.Call(
            "close everything when a program is executed",
            Syscall.close_range,
            3,
            uint.MaxValue,
            Argument.Flags(CloseRangeFlags.CLOSE_RANGE_CLOEXEC)
        );
        plan.Seal("go on alone");
        plan.Call("wait for the word", Syscall.read, word, memory, 1);
        Execute(plan, "exit $(ls /proc/self/fd | grep -cv '^[0-3]$')");
        return (plan.Build(), new LaunchInputs().Add(word, input));
    }

    private static IEnumerable<string> Children() =>
        Directory
            .GetDirectories("/proc")
            .Where(path => int.TryParse(Path.GetFileName(path), out _))
            .Select(path =>
            {
                try
                {
                    return File.ReadAllText($"{path}/stat");
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    return "";
                }
            })
            .Where(stat => stat.Contains($") Z {Environment.ProcessId} ", StringComparison.Ordinal));

    private static int? ExitCode(LaunchedProcess process) => PidFds.Wait(process.Process).Value!.Value.Status.ExitCode;

    private static void Execute(LaunchPlanBuilder plan, string script) =>
        plan.Call(
            "execute '/bin/sh'",
            Syscall.execve,
            "/bin/sh",
            Argument.Texts(["sh", "-c", script]),
            Argument.Texts(["PATH=/usr/bin:/bin"])
        );
}
