using Tare.Fixtures;
using Tare.Launch.Assembly;
using Tare.Launch.Tests.Images;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Arm64;

/// <summary>
/// Whole launches on arm64: /init of an emulated machine makes some and says what became of them, and so does a program
/// that is killed by what it launches.
/// </summary>
public sealed class EmulatedLaunchTests
{
    private const ulong Apart = 0x1_0000;
    private const int Plain = LaunchingProgram.FirstPidFd;
    private const int GatedHolder = Plain + 1;
    private const int Gated = Plain + 2;
    private const int Spawning = Plain + 3;
    private const int GatedSpawningHolder = Plain + 4;
    private const int GatedSpawning = Plain + 5;
    private const int Failing = Plain + 6;
    private const int Killed = Plain + 7;

    private const int ProgramsExit = 7;
    private const int OrphansExit = 9;
    private const ulong Exited = 1;

    private const CloneFlags Namespaces =
        CloneFlags.CLONE_NEWPID
        | CloneFlags.CLONE_NEWNS
        | CloneFlags.CLONE_NEWUTS
        | CloneFlags.CLONE_NEWIPC
        | CloneFlags.CLONE_NEWNET
        | CloneFlags.CLONE_NEWCGROUP;

    [Fact]
    public void Launches_run_programs_in_namespaces_pass_gates_spawn_outlive_their_launcher_and_report_failures()
    {
        LaunchData[] launches = Prepare(
            PlainPlan(),
            GatedPlan(),
            SpawningPlan(gate: false, "spawned"),
            SpawningPlan(gate: true, "spawned and gated"),
            FailingPlan(),
            KilledPlan()
        );
        LaunchData afterwards = new(Afterwards(launches), AddressOf(launches.Length));
        byte[] files = new CpioArchive()
            .Directory("proc")
            .Program("init", LaunchingProgram.Write(launches, afterwards))
            .Program("program", PlanImage.Write(Program(), CpuArchitecture.Arm64))
            .Program("killed", KilledProgram())
            .Finish();

        string console = Arm64Machine.Boot(files);

        string[] said = [.. console.Split('\n').Where(line => line.StartsWith("arm64: ", StringComparison.Ordinal))];
        string[] expected =
        [
            "arm64: process 1 of plain",
            "arm64: process 1 of spawned",
            "arm64: went on without its launcher",
            "arm64: the gates were reached",
            "arm64: process 1 of gated",
            "arm64: process 1 of spawned and gated",
            "arm64: all launches ended as they should",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), said.Order(StringComparer.Ordinal));
        Assert.True(Array.IndexOf(said, expected[3]) < Array.IndexOf(said, expected[4]), console);
        Assert.True(Array.IndexOf(said, expected[3]) < Array.IndexOf(said, expected[5]), console);
        Assert.Equal(expected[^1], said[^1]);
    }

    private static ulong AddressOf(int launch) => ElfImage.DataAddress + ((ulong)launch * Apart);

    private static LaunchData[] Prepare(params LaunchPlan[] plans) =>
        [
            .. plans.Select(
                (plan, i) =>
                    new LaunchData(plan, AddressOf(i)).Prepared(
                        AddressOf(i + 1),
                        LaunchingProgram.EventFd,
                        LaunchingProgram.OwnPidFd
                    )
            ),
        ];

    // The launcher waits inside the clone.
    private static LaunchPlan PlainPlan()
    {
        LaunchPlanBuilder plan = new() { CloneFlags = Namespaces };
        Execute(plan, "plain");
        return plan.Build();
    }

    // The launcher goes on and lets the child go on.
    private static LaunchPlan GatedPlan()
    {
        LaunchPlanBuilder plan = new() { CloneFlags = Namespaces };
        plan.Gate("wait for the parent");
        Execute(plan, "gated");
        return plan.Build();
    }

    // The program's process is made by the process that the launcher made.
    private static LaunchPlan SpawningPlan(bool gate, string name)
    {
        LaunchPlanBuilder plan = new() { CloneFlags = Namespaces & ~CloneFlags.CLONE_NEWPID };
        plan.Call("leave the PID namespace", Syscall.unshare, Argument.Flags(CloneFlags.CLONE_NEWPID));
        plan.Add(new SpawnStep("enter the new one", CloneFlags.None));
        if (gate)
        {
            plan.Gate("wait for the parent");
        }

        Execute(plan, name);
        return plan.Build();
    }

    // The step at index 1 fails.
    private static LaunchPlan FailingPlan()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("ask for the user", Syscall.getuid);
        plan.Call("enter a directory", Syscall.chdir, "/missing");
        return plan.Build();
    }

    // A program that makes a launch which kills it.
    private static LaunchPlan KilledPlan()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("execute '/killed'", Syscall.execve, "/killed", Argument.Texts(["killed"]), Argument.Texts([]));
        return plan.Build();
    }

    private static byte[] KilledProgram()
    {
        LaunchPlanBuilder plan = new();
        plan.Call("ask for the user", Syscall.getuid);
        Say(plan, "arm64: went on without its launcher\n");
        plan.Call("end", Syscall.exit_group, OrphansExit);
        LaunchData launch = new LaunchData(plan.Build(), AddressOf(0), killBefore: 1).Prepared(
            AddressOf(1),
            LaunchingProgram.EventFd,
            LaunchingProgram.OwnPidFd
        );
        LaunchPlanBuilder afterwards = new();
        Say(afterwards, "arm64: the launcher was not killed\n");
        return LaunchingProgram.Write([launch], new LaunchData(afterwards.Build(), AddressOf(1)));
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
        LaunchPlanBuilder plan = new();
        LaunchData gated = launches[1];
        LaunchData spawning = launches[2];
        LaunchData gatedSpawning = launches[3];
        LaunchData failing = launches[4];
        Scratch names = plan.NewScratch("utsname", 390);
        plan.Call("ask for the machine", Syscall.uname, names);
        plan.Add(new CheckStep("it is arm64", names, 260, 8, ulong.MaxValue, BitConverter.ToUInt64("aarch64\0"u8)));
        WaitForGate(plan, gated);
        WaitForGate(plan, gatedSpawning);

        WaitFor(plan, Plain, ProgramsExit);
        WaitFor(plan, Spawning, 0);
        WaitForSpawned(plan, spawning);
        WaitFor(plan, Failing, 125);
        Check(plan, failing.Address + ControlBlock.FailedStep, 8, 1);
        Check(plan, failing.Address + ControlBlock.Errno, 8, (ulong)Errno.ENOENT);
        WaitForKilled(plan, Killed, (ulong)Signal.SIGKILL);

        Say(plan, "arm64: the gates were reached\n");
        plan.Call(
            "let both go on",
            Syscall.write,
            LaunchingProgram.EventFd,
            Argument.Struct([2, 0, 0, 0, 0, 0, 0, 0]),
            8
        );
        WaitFor(plan, Gated, ProgramsExit);
        WaitFor(plan, GatedHolder, 0);
        WaitFor(plan, GatedSpawning, 0);
        WaitForSpawned(plan, gatedSpawning);
        WaitFor(plan, GatedSpawningHolder, 0);
        WaitForAny(plan, OrphansExit);

        // The kernel clears the words when those have ended who had them.
        foreach (LaunchData launch in launches)
        {
            Check(plan, launch.Address + ControlBlock.Progress, 4, 0);
        }

        Check(plan, gated.Address + ControlBlock.Holding, 4, 0);
        Say(plan, "arm64: all launches ended as they should\n");
        plan.Call("power off", Syscall.reboot, 0xfee1dead, 672274793, 0x4321fedc, 0);
        return plan.Build();
    }

    private static void WaitForGate(LaunchPlanBuilder plan, LaunchData launch)
    {
        const int Wait = 0;
        ulong progress = launch.Address + ControlBlock.Progress;
        plan.Add(
            new CallStep(
                "wait until the child is at its gate",
                Syscall.futex,
                [Address(progress), Wait, Address(ControlBlock.Running), 0]
            )
            {
                Tolerated = [Errno.EAGAIN],
            }
        );
        Check(plan, progress, 4, 1);
    }

    private static void WaitFor(LaunchPlanBuilder plan, int pidFd, int status) =>
        WaitFor(plan, 3, pidFd, Exited, (ulong)status);

    private static void WaitForKilled(LaunchPlanBuilder plan, int pidFd, ulong signal) =>
        WaitFor(plan, 3, pidFd, 2, signal);

    private static void WaitForAny(LaunchPlanBuilder plan, int status) => WaitFor(plan, 0, 0, Exited, (ulong)status);

    // By the number that the launch's memory holds.
    private static void WaitForSpawned(LaunchPlanBuilder plan, LaunchData launch)
    {
        Slot number = plan.NewSlot("the spawned process");
        Slot file = plan.NewSlot("a file in memory");
        plan.CallInto(file, "make a file", Syscall.memfd_create, "number", 0);
        plan.Call("write it", Syscall.write, file, Address(launch.Address + ControlBlock.SpawnedProcess), 8);
        plan.Call("read it", Syscall.pread64, file, Argument.AddressOf(number), 8, 0);
        plan.Call("close it", Syscall.close, file);
        WaitFor(plan, 1, number, Exited, ProgramsExit);
    }

    private static void WaitFor(LaunchPlanBuilder plan, int kind, Argument id, ulong code, ulong status)
    {
        const WaitOptions Ended = WaitOptions.WEXITED | WaitOptions.__WALL;
        Scratch information = plan.NewScratch("siginfo", 128);
        plan.Call("wait for a child", Syscall.waitid, kind, id, information, Argument.Flags(Ended), 0);
        plan.Add(new CheckStep("it ended in the expected way", information, 8, 4, uint.MaxValue, code));
        plan.Add(new CheckStep("its status is the expected one", information, 24, 4, uint.MaxValue, status));
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
