using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What kernels from 6.13 on have, or that they refuse it.</summary>
internal static class Newest
{
    /// <summary>What each call says on a kernel that lacks it.</summary>
    public static int Refusals()
    {
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("open");
        using DirectoryFd root = Files.OpenDirectoryAt(null, "/").OrThrow("open");
        using MountFd mount = Mounts.OpenTree(null, "/", OpenTreeFlags.OPEN_TREE_CLONE).OrThrow("open_tree");
        using FileSystemContextFd context = Mounts.FsOpen("tmpfs").OrThrow("fsopen");
        Mounts.FsConfigCreate(context).OrThrow("fsconfig");
        using NamespaceFd space = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        Console.WriteLine($"id={Namespaces.IdOf(space).Errno}");
        Console.WriteLine($"by-id={Namespaces.OpenById(4).Errno}");
        Say("list", () => Console.WriteLine(Namespaces.Enumerate().Count()));
        Say("unique-id", () => ProcessHandle.OpenByUniqueId(1).Dispose());
        Console.WriteLine($"code={PidFds.GetCoreDumpCode(self).Errno}");
        Console.WriteLine($"supported={PidFds.GetSupportedInfo(self).Errno}");
        Console.WriteLine($"mount={Mounts.StatMount(mount).Errno}");
        Console.WriteLine($"tree={Mounts.OpenTreeNamespace(null, "/").Errno}");
        Console.WriteLine($"fresh={Mounts.FsMountNamespace(context).Errno}");
        Console.WriteLine($"empty={Namespaces.Unshare(CloneFlags.UNSHARE_EMPTY_MNTNS).Errno}");
        Console.WriteLine($"regular={Files.OpenRegularAt2(new RootedPath(root, "init"), OpenFlags.O_RDONLY).Errno}");
        Console.WriteLine($"delegation={FileLocks.SetDelegation(root, FileLockType.F_RDLCK).Errno}");
        Console.WriteLine($"asked={FileLocks.GetDelegation(root).Errno}");
        Console.WriteLine($"deadline={Scheduling.GetDeadline().Errno}");
        Console.WriteLine($"pages={OwnMappings.SetHugePagesDisabled(true, exceptAdvised: true).Errno}");
        Console.WriteLine($"hash={Futexes.GetHashSlots().Errno},{Futexes.SetHashSlots(16).Errno}");
        Console.WriteLine($"mounts={Fanotify.CreateForMounts().Errno}");
        Console.WriteLine($"born={Born(CloneFlags.CLONE_NNP)}");
        return 0;

        static void Say(string what, Action action)
        {
            try
            {
                action();
                Console.WriteLine($"{what}=done");
            }
            catch (KernelException failure)
            {
                Console.WriteLine($"{what}={failure.Message}");
            }
        }
    }

    /// <summary>Namespaces in lists, by id, and when nobody keeps them any more.</summary>
    public static int Listed()
    {
        // Nothing is said meanwhile: the console begins threads, which would stay in the namespace.
        List<string> lines = [];
        OnThread(() => List(lines));
        lines.ForEach(Console.WriteLine);
        return 0;
    }

    private static void List(List<string> lines)
    {
        using NamespaceFd first = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        using NamespaceFd owner = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUSER).OrThrow("open");
        ulong firstId = Namespaces.IdOf(first).OrThrow("ioctl");
        ulong ownerId = Namespaces.IdOf(owner).OrThrow("ioctl");
        ulong[] before = [.. Namespaces.Enumerate(CloneFlags.CLONE_NEWUTS)];
        Namespaces.Unshare(CloneFlags.CLONE_NEWUTS).OrThrow("unshare");
        NamespaceFd fresh = Namespaces.OpenOwn(CloneFlags.CLONE_NEWUTS).OrThrow("open");
        ulong id = Namespaces.IdOf(fresh).OrThrow("ioctl");
        ulong identity = Namespaces.IdentityOf(fresh).OrThrow("statx");
        lines.Add($"new={Namespaces.Enumerate(CloneFlags.CLONE_NEWUTS).Except(before).Single() == id}");
        lines.Add($"kinds={Namespaces.Enumerate(CloneFlags.CLONE_NEWPID | CloneFlags.CLONE_NEWUSER).Contains(id)}");
        lines.Add($"owned={Namespaces.Enumerate(CloneFlags.CLONE_NEWUTS, ownerId).Contains(id)}");
        lines.Add($"own={Namespaces.Enumerate(owner: Namespaces.OwnUserNamespace).Contains(id)}");
        lines.Add($"strange={Namespaces.List(new ulong[1], owner: firstId).Errno}");
        ulong[] all = [.. Namespaces.Enumerate()];
        List<ulong> paged = [];
        ulong[] page = new ulong[2];
        while (Namespaces.List(page, after: paged.LastOrDefault()).OrThrow("listns") is var count and > 0)
        {
            paged.AddRange(page[..count]);
        }

        lines.Add($"pages={paged.SequenceEqual(all)},{all.Length > 8}");
        Namespaces.SetNs(first, CloneFlags.CLONE_NEWUTS).OrThrow("setns");
        using (NamespaceFd again = Namespaces.OpenById(id).OrThrow("open"))
        {
            CloneFlags kind = Namespaces.KindOf(again).OrThrow("ioctl");
            lines.Add($"again={Namespaces.IdentityOf(again).OrThrow("statx") == identity},{kind}");
        }

        fresh.Dispose();
        lines.Add($"gone={Namespaces.OpenById(id).Errno},{Namespaces.Enumerate().Contains(id)}");
    }

    /// <summary>Mount namespaces made of mounts, or of nothing, and mounts that are attached nowhere.</summary>
    public static int Trees()
    {
        const string Place = "/tmp/mounted";
        Directory.CreateDirectory(Place);
        Mounts.Mount("probe", Place, "tmpfs", MountFlags.None, "size=64k").OrThrow("mount");
        File.WriteAllText($"{Place}/file", "inside");
        using (NamespaceFd tree = Mounts.OpenTreeNamespace(null, Place).OrThrow("open_tree"))
        {
            Console.WriteLine($"tree={Describe(tree)}");
        }

        using (FileSystemContextFd context = Mounts.FsOpen("tmpfs").OrThrow("fsopen"))
        {
            Mounts.FsConfigCreate(context).OrThrow("fsconfig");
            using NamespaceFd fresh = Mounts.FsMountNamespace(context).OrThrow("fsmount");
            Console.WriteLine($"fresh={Describe(fresh)}");
        }

        using (MountFd copy = Mounts.OpenTree(null, Place, OpenTreeFlags.OPEN_TREE_CLONE).OrThrow("open_tree"))
        using (FileFd place = Files.OpenAt(null, Place, OpenFlags.O_PATH).OrThrow("open"))
        {
            Console.WriteLine($"here={Mounts.StatMount(place).OrThrow("statmount").Point}");
            Mounts.Umount2(Place, UnmountFlags.MNT_DETACH).OrThrow("umount2");
            MountStatus status = Mounts.StatMount(place).OrThrow("statmount");
            Console.WriteLine(
                $"nowhere={status.Point},{status.Type},{status.Source},{status.OptionList?.Contains("size=64k")}"
            );
            Console.WriteLine($"never={Mounts.StatMount(copy).Errno}");
        }

        Directory.Delete(Place);
        OnThread(() =>
        {
            Namespaces.Unshare(CloneFlags.UNSHARE_EMPTY_MNTNS).OrThrow("unshare");
            IEnumerable<string> types = Mounts
                .ListMounts()
                .OrThrow("listmount")
                .Select(mount => Mounts.StatMount(mount).OrThrow("statmount").Type);
            Console.WriteLine($"empty={Directory.GetFileSystemEntries("/").Length},{string.Join('+', types)}");
        });
        return 0;

        static string Describe(NamespaceFd space)
        {
            string told = "";
            OnThread(() =>
            {
                // A thread that shares its directories with others is not let in.
                Namespaces.Unshare(CloneFlags.CLONE_FS).OrThrow("unshare");
                Namespaces.SetNs(space, CloneFlags.CLONE_NEWNS).OrThrow("setns");
                IEnumerable<string> types = Mounts
                    .ListMounts()
                    .OrThrow("listmount")
                    .Select(mount => Mounts.StatMount(mount).OrThrow("statmount").Type);
                string file = File.Exists("/file") ? File.ReadAllText("/file") : "none";
                told = $"{Namespaces.KindOf(space).Value},{string.Join('+', types)},{file}";
            });
            return told;
        }
    }

    /// <summary>What only regular files are opened of, and a directory that waits for who has a delegation of it.</summary>
    public static async Task<int> FilesAsync()
    {
        using DirectoryFd root = Files.OpenDirectoryAt(null, "/tmp").OrThrow("open");
        Files.MknodAt(null, "/tmp/fifo", FileModes.S_IFIFO | FileModes.S_IRUSR | FileModes.S_IWUSR).OrThrow("mknod");
        File.WriteAllText("/tmp/file", "regular");
        Console.WriteLine($"fifo={Files.OpenRegularAt2(new RootedPath(root, "fifo"), OpenFlags.O_RDONLY).Errno}");
        using (FileFd file = Files.OpenRegularAt2(new RootedPath(root, "file"), OpenFlags.O_RDONLY).OrThrow("open"))
        {
            byte[] text = new byte[16];
            Console.WriteLine($"file={Files.Read(file, text).OrThrow("read")}");
        }

        File.Delete("/tmp/fifo");
        File.Delete("/tmp/file");
        Directory.CreateDirectory("/tmp/given");
        using (DirectoryFd given = Files.OpenDirectoryAt(null, "/tmp/given").OrThrow("open"))
        using (SignalPipe broken = SignalPipe.Open(Signal.SIGIO).OrThrow("listen"))
        {
            FileLocks.SetDelegation(given, FileLockType.F_RDLCK).OrThrow("delegate");
            await using ChildProcess other = ChildProcess.Start(new("mkdir", "/tmp/given/new"));
            Poll.Wait(broken.Descriptor, PollEvents.POLLIN, TimeSpan.FromSeconds(60)).OrThrow("wait");
            FileLockType asked = FileLocks.GetDelegation(given).OrThrow("ask");
            Console.WriteLine($"asked={asked},{Directory.Exists("/tmp/given/new")}");
            FileLocks.SetDelegation(given, FileLockType.F_UNLCK).OrThrow("give up");
            Console.WriteLine($"made={await other.WaitForExitAsync()},{Directory.Exists("/tmp/given/new")}");
        }

        Directory.Delete("/tmp/given", recursive: true);
        return 0;
    }

    /// <summary>How processes are born and die with the newest flags.</summary>
    public static int Births()
    {
        Console.WriteLine($"plain={Born(CloneFlags.None)}");
        Console.WriteLine($"privileges={Born(CloneFlags.CLONE_NNP)}");
        Console.WriteLine($"alone={Born(CloneFlags.CLONE_PIDFD_AUTOKILL)}");
        LaunchPlanBuilder plan = new()
        {
            CloneFlags = CloneFlags.CLONE_AUTOREAP | CloneFlags.CLONE_PIDFD_AUTOKILL | CloneFlags.CLONE_NNP,
        };
        plan.Call(
            "execute",
            Syscall.execve,
            "/bin/busybox",
            Argument.Texts(["sleep", "1000"]),
            Argument.Texts(Array.Empty<string>())
        );
        LaunchedProcess guarded = Launcher.Launch(plan.Build());
        using PidFd other = PidFds.Open(guarded.ProcessId).OrThrow("open");
        guarded.Dispose();
        Poll.Wait(other, timeout: TimeSpan.FromSeconds(60)).OrThrow("wait");
        Console.WriteLine($"guarded={PidFds.GetExitStatus(other).OrThrow("ask")}");
        Console.WriteLine($"wait={PidFds.Wait(other).Errno}");
        Console.WriteLine($"reaped={PidFds.SendSignal(other, Signal.None).Errno}");
        return 0;
    }

    /// <summary>What the kernel counts of delays.</summary>
    public static async Task<int> DelaysAsync()
    {
        const string Switch = "/proc/sys/kernel/task_delayacct";
        string before = File.ReadAllText(Switch);
        File.WriteAllText(Switch, "1");
        DateTimeOffset begin = DateTimeOffset.UtcNow;
        try
        {
            // Two on one processor wait for each other.
            ProcessStartOptions options = new(
                "sh",
                "-c",
                "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; read line"
            )
            {
                Processors = [0],
                StandardInput = ChildStream.Pipe,
            };
            await using ChildProcess one = ChildProcess.Start(options);
            await using ChildProcess other = ChildProcess.Start(options);
            TaskDelay delay;
            do
            {
                delay = ProcessEvents.ReadStatistics(one.ProcessId).Cpu;
            } while (delay.Longest == 0 && !one.HasExited);

            TaskStatistics told = ProcessEvents.ReadStatistics(one.ProcessId);
            Console.WriteLine($"version={told.Version}");
            Console.WriteLine($"longest={told.Cpu.Longest > 0 && told.Cpu.Longest <= told.Cpu.Nanoseconds}");
            Console.WriteLine($"shortest={told.Cpu.Shortest <= told.Cpu.Longest}");
            Console.WriteLine($"at={told.Cpu.LongestAt >= begin && told.Cpu.LongestAt <= DateTimeOffset.UtcNow}");
            one.Kill();
            other.Kill();
        }
        finally
        {
            File.WriteAllText(Switch, before);
        }

        return 0;
    }

    /// <summary>What a thread of SCHED_DEADLINE has left.</summary>
    public static int Deadline()
    {
        // Nothing is said meanwhile: such a thread begins no others, and the console does.
        const ulong Millisecond = 1_000_000;
        SchedulingAttribute left = default;
        OnThread(() =>
        {
            Scheduling
                .SetAttribute(
                    0,
                    new()
                    {
                        Size = SchedulingAttribute.StructSize,
                        Policy = SchedulingPolicy.SCHED_DEADLINE,
                        Runtime = 50 * Millisecond,
                        Deadline = 500 * Millisecond,
                        Period = 500 * Millisecond,
                    }
                )
                .OrThrow("sched_setattr");
            left = Scheduling.GetDeadline().OrThrow("sched_getattr");
        });
        Console.WriteLine($"left={left.Runtime < 50 * Millisecond},{left.Deadline > 500 * Millisecond}");
        Console.WriteLine($"other={Scheduling.GetDeadline().Errno}");
        return 0;
    }

    /// <summary>What the kernel can tell of mounts and processes; and one that is found again.</summary>
    public static int Supported()
    {
        using PidFd self = PidFds.Open(Environment.ProcessId).OrThrow("open");
        StatMountMask mounts = Mounts.StatMount(Mounts.ListMounts().Value[0]).OrThrow("statmount").Supported;
        PidFdInfoMask processes = PidFds.GetSupportedInfo(self).OrThrow("ask");
        Console.WriteLine($"mounts={Enum.GetValues<StatMountMask>().All(mask => (mounts & mask) == mask)}");
        Console.WriteLine($"processes={Enum.GetValues<PidFdInfoMask>().All(mask => (processes & mask) == mask)}");
        using ProcessHandle own = ProcessHandle.Open(Environment.ProcessId);
        using ProcessHandle again = ProcessHandle.OpenByUniqueId(own.UniqueId);
        Console.WriteLine($"found={again.ProcessId == Environment.ProcessId}");
        return 0;
    }

    // It ends with whether it has no_new_privs, which to the launcher is a failure of the plan.
    private static string Born(CloneFlags flags)
    {
        LaunchPlanBuilder plan = new() { CloneFlags = flags };
        Slot answer = plan.NewSlot("no_new_privs");
        plan.CallInto(answer, "look", Syscall.prctl, (int)PrctlOption.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
        plan.Call("end", Syscall.exit_group, answer);
        try
        {
            using LaunchedProcess process = Launcher.Launch(plan.Build());
            return PidFds.Wait(process.Process).OrThrow("wait")!.Value.Status.ToString();
        }
        catch (LaunchException failure)
        {
            return failure.Failure.Errno == Errno.None ? $"{failure.Failure.Ended}" : $"{failure.Failure.Errno}";
        }
    }

    private static void OnThread(Action action)
    {
        Thread thread = new(() => action());
        thread.Start();
        thread.Join();
    }
}
