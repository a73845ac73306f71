using Tare.Launch.Assembly;
using Tare.Launch.Tests.Images;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Arm64;

/// <summary>
/// Whole launches on arm64: /init of an emulated machine makes four and says what became of them. Its descriptors are
/// known: 3 is the eventfd that gates wait for, 4 to 7 are the pidfds of the launches.
/// </summary>
public sealed class EmulatedLaunchTests
{
    private const ulong Apart = 0x1_0000;
    private const int EventFd = 3;
    private const int FirstPidFd = 4;
    private const int ProgramsExit = 7;

    private const CloneFlags Namespaces =
        CloneFlags.CLONE_NEWPID
        | CloneFlags.CLONE_NEWNS
        | CloneFlags.CLONE_NEWUTS
        | CloneFlags.CLONE_NEWIPC
        | CloneFlags.CLONE_NEWNET
        | CloneFlags.CLONE_NEWCGROUP;

    [Fact]
    public void Launches_run_programs_in_namespaces_pass_gates_spawn_and_report_failures()
    {
        LaunchPlan[] plans = [Plain(), Gated(), Spawning(), Failing()];
        LaunchData[] launches =
        [
            .. plans.Select(
                (plan, i) =>
                {
                    ulong address = ElfImage.DataAddress + ((ulong)i * Apart);
                    return new LaunchData(plan, address).WithClone(address + Apart).WithGate(EventFd);
                }
            ),
        ];
        LaunchData afterwards = new(Afterwards(launches), ElfImage.DataAddress + ((ulong)launches.Length * Apart));
        byte[] files = new CpioArchive()
            .Directory("proc")
            .Program("init", LaunchingProgram.Write(launches, afterwards))
            .Program("program", PlanImage.Write(Program(), CpuArchitecture.Arm64))
            .Finish();

        string console = Arm64Machine.Boot(files);

        string[] said = [.. console.Split('\n').Where(line => line.StartsWith("arm64: ", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "arm64: process 1 of plain",
                "arm64: process 1 of spawned",
                "arm64: the gate was reached",
                "arm64: process 1 of gated",
                "arm64: all launches ended as they should",
            ],
            said
        );
    }

    // The launcher waits inside the clone.
    private static LaunchPlan Plain()
    {
        LaunchPlanBuilder plan = new() { CloneFlags = Namespaces };
        Execute(plan, "plain");
        return plan.Build();
    }

    // The launcher goes on and lets the child go on.
    private static LaunchPlan Gated()
    {
        LaunchPlanBuilder plan = new() { CloneFlags = Namespaces };
        plan.Gate("wait for the parent");
        Execute(plan, "gated");
        return plan.Build();
    }

    // The program's process is made by the process that the launcher made.
    private static LaunchPlan Spawning()
    {
        LaunchPlanBuilder plan = new() { CloneFlags = Namespaces & ~CloneFlags.CLONE_NEWPID };
        plan.Call("leave the PID namespace", Syscall.unshare, Argument.Flags(CloneFlags.CLONE_NEWPID));
        plan.Add(new SpawnStep("enter the new one", CloneFlags.None));
        Execute(plan, "spawned");
        return plan.Build();
    }

    // The step at index 1 fails.
    private static LaunchPlan Failing()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("ask for the user", Syscall.getuid);
        plan.Call("enter a directory", Syscall.chdir, "/missing");
        return plan.Build();
    }

    private static void Execute(LaunchPlanBuilder plan, string name)
    {
        plan.Call(
            "keep mounts to itself",
            Syscall.mount,
            "none",
            "/",
            Argument.Null,
            Argument.Flags(MountFlags.MS_REC | MountFlags.MS_PRIVATE),
            Argument.Null
        );
        plan.Call("mount proc on '/proc'", Syscall.mount, "proc", "/proc", "proc", 0, Argument.Null);
        plan.Call("name the host", Syscall.sethostname, name, name.Length);
        plan.Call("execute '/program'", Syscall.execve, "/program", Argument.Texts(["program"]), Argument.Texts([]));
    }

    // Says its number and the host's name, in one write so that no other line comes between.
    private static LaunchPlan Program()
    {
        LaunchPlanBuilder plan = new();
        Slot number = plan.NewSlot("its number");
        Slot file = plan.NewSlot("the file with the host's name");
        Slot length = plan.NewSlot("the length of the name");
        byte[] sentence = "arm64: process 1 of "u8.ToArray();
        Scratch text = plan.NewScratch("what it says", sentence);
        Scratch name = plan.NewScratch("the host's name", 64);
        Scratch word = plan.NewScratch("a number", 8);
        Scratch vector = plan.NewScratch("two iovecs", 32);
        Slot sentenceLength = plan.NewSlot("the length of what it says");
        plan.CallInto(number, "ask for its number", Syscall.getpid);
        plan.Add(new StoreStep("keep it", number, word, 0, 8));
        plan.Add(new CheckStep("it is 1", word, 0, 8, ulong.MaxValue, 1) { Failure = Errno.ESRCH });
        plan.CallInto(
            file,
            "open the name",
            Syscall.openat,
            Argument.WorkingDirectory,
            "/proc/sys/kernel/hostname",
            Argument.Flags(OpenFlags.O_CLOEXEC),
            0
        );
        plan.CallInto(length, "read it", Syscall.read, file, name, 64);

        // lseek on a memory file gives a constant into a slot.
        plan.CallInto(file, "make a file", Syscall.memfd_create, "constant", 0);
        plan.CallInto(sentenceLength, "have a constant", Syscall.lseek, file, sentence.Length, 0);
        plan.Add(new AddressStep("point to the sentence", text, vector, 0));
        plan.Add(new StoreStep("its length", sentenceLength, vector, 8, 8));
        plan.Add(new AddressStep("point to the name", name, vector, 16));
        plan.Add(new StoreStep("its length", length, vector, 24, 8));
        plan.Call("say it", Syscall.writev, 1, vector, 2);
        plan.Call("end", Syscall.exit_group, ProgramsExit);
        return plan.Build();
    }

    // What /init does once it has made the launches.
    private static LaunchPlan Afterwards(LaunchData[] launches)
    {
        const int Wait = 0;
        LaunchPlanBuilder plan = new();
        ulong gated = launches[1].Address;
        plan.Add(
            new CallStep(
                "wait until the child is at its gate",
                Syscall.futex,
                [Address(gated + ControlBlock.Progress), Wait, Address(ControlBlock.Running), 0]
            )
            {
                Tolerated = [Errno.EAGAIN],
            }
        );
        Check(plan, gated + ControlBlock.Progress, 4, 1);

        WaitFor(plan, FirstPidFd, ProgramsExit);
        WaitFor(plan, FirstPidFd + 2, 0);
        WaitFor(plan, FirstPidFd + 3, 125);

        // The spawned process has no pidfd here; it is the only one left that can have ended.
        WaitForAny(plan, ProgramsExit);
        Check(plan, launches[3].Address + ControlBlock.Step, 8, 1);
        Check(plan, launches[3].Address + ControlBlock.Errno, 8, (ulong)Errno.ENOENT);

        Say(plan, "arm64: the gate was reached\n");
        plan.Call("let the child go on", Syscall.write, EventFd, Argument.Struct([1, 0, 0, 0, 0, 0, 0, 0]), 8);
        WaitFor(plan, FirstPidFd + 1, ProgramsExit);

        // The kernel clears the word when a child has executed its program or ended.
        foreach (LaunchData launch in launches)
        {
            Check(plan, launch.Address + ControlBlock.Progress, 4, 0);
        }

        Say(plan, "arm64: all launches ended as they should\n");
        plan.Call("power off", Syscall.reboot, 0xfee1dead, 672274793, 0x4321fedc, 0);
        return plan.Build();
    }

    private static void WaitFor(LaunchPlanBuilder plan, int pidFd, int status) => WaitFor(plan, 3, pidFd, status);

    private static void WaitForAny(LaunchPlanBuilder plan, int status) => WaitFor(plan, 0, 0, status);

    private static void WaitFor(LaunchPlanBuilder plan, int kind, int id, int status)
    {
        const int Exited = 4;
        Scratch information = plan.NewScratch("siginfo", 128);
        plan.Call("wait for a child", Syscall.waitid, kind, id, information, Exited, 0);
        plan.Add(new CheckStep("it ended by itself", information, 8, 4, uint.MaxValue, 1));
        plan.Add(new CheckStep("its status is the expected one", information, 24, 4, uint.MaxValue, (ulong)status));
    }

    // Looks at another launch's memory, which no scratch memory of this plan is: by way of a file.
    private static void Check(LaunchPlanBuilder plan, ulong address, int width, ulong expected)
    {
        Slot file = plan.NewSlot("a file in memory");
        Scratch copy = plan.NewScratch("a copy", 8);
        plan.CallInto(file, "make a file", Syscall.memfd_create, "copy", 0);
        plan.Call("write it", Syscall.write, file, Address(address), width);
        plan.Call("read it", Syscall.pread64, file, copy, width, 0);
        plan.Call("close it", Syscall.close, file);
        plan.Add(new CheckStep("it is the expected one", copy, 0, 8, ulong.MaxValue, expected));
    }

    private static void Say(LaunchPlanBuilder plan, string text) =>
        plan.Call("say it", Syscall.write, 1, text, text.Length);

    private static Argument Address(ulong value) => Argument.Number((long)value, ArgumentFormat.Hex);
}
