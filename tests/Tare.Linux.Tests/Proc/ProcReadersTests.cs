using System.Text;
using CsCheck;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class ProcReadersTests
{
    private const string Sched = """
        cat (28650, #threads: 1)
        -------------------------------------------------------------------
        se.exec_start                                :      38149051.320830
        se.vruntime                                  :          -270.057683
        se.sum_exec_runtime                          :             0.680455
        se.nr_migrations                             :                    7
        se.load.weight                               :             15749120
        se.avg.util_avg                              :                  271
        prio                                         :                  108
        se.slice                                     :              1400000
        """;

    private const string Limits = """
        Limit                     Soft Limit           Hard Limit           Units     
        Max cpu time              unlimited            unlimited            seconds   
        Max processes             17                   96365                processes 
        Max nice priority         0                    unlimited                      
        """;

    private const string Smaps = """
        55b27107e000-55b271080000 r--p 00001000 fe:10 247629                     /usr/bin/a\012 b (deleted)
        Size:                  8 kB
        KernelPageSize:        4 kB
        Rss:                   8 kB
        Pss:                   4 kB
        Shared_Clean:          5 kB
        Private_Dirty:         3 kB
        THPeligible:           0
        Newer:          yes
        VmFlags: rd mr mw me 
        7ffe2b5d1000-7ffe2b5f2000 rw-s 00000000 00:00 0 
        Size:                132 kB
        Rss:                  12 kB
        Swap:                  1 kB

        """;

    [Fact]
    public void The_schedulers_state_is_read()
    {
        ProcScheduler state = ProcScheduler.Parse(Bytes(Sched), "23545 68662 2\n"u8);

        Assert.Equal((-270_057_683L, 680_455L), (state.VirtualRuntimeNanoseconds, state.RuntimeNanoseconds));
        Assert.Equal((15380L, 7L, 1_400_000L), (state.Weight, state.Migrations, state.SliceNanoseconds));
        Assert.Equal((108, 271L), (state.Priority, state.Utilization));
        Assert.Equal((23545L, 68662L, 2L), (state.RunNanoseconds, state.WaitNanoseconds, state.Timeslices));
    }

    [Fact]
    public void A_kernel_without_it_leaves_null() =>
        Assert.Equal(
            (null, null),
            (ProcScheduler.Parse([], []).VirtualRuntimeNanoseconds, ProcScheduler.Parse([], []).RunNanoseconds)
        );

    [Fact]
    public void A_name_that_looks_like_the_schedulers_lines_is_none_of_them()
    {
        ProcScheduler state = ProcScheduler.Parse(Bytes(Sched.Replace("cat", "\nprio :x\n-----")), []);

        Assert.Equal((108, 15380L), (state.Priority, state.Weight));
        Assert.Null(ProcScheduler.Parse("\nprio :7 (1, #threads: 1)\n"u8, []).Priority);
    }

    [Theory]
    [InlineData("\nprio :x")]
    [InlineData(" \\n) R 1 2\n(")]
    [InlineData("\tName:\tx\n\\\\")]
    public void A_thread_with_a_name_of_its_choice_is_read(string name) =>
        OwnThread.Run(() =>
        {
            Prctl.SetName(Bytes(name)).OrThrow("PR_SET_NAME");
            using DirectoryFd process = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
            using DirectoryFd thread = ProcDirectory.OpenThread(process, Processes.GetThreadId()).OrThrow("open");

            Assert.Equal(name, ProcStat.Read(thread).OrThrow("stat").Command);
            ProcStatus status = ProcStatus.Read(thread).OrThrow("status");
            Assert.Equal((name, Processes.GetThreadId()), (status.Name, status.ProcessId));
            Assert.InRange(ProcScheduler.Read(thread).OrThrow("sched").Priority ?? 120, 100, 139);
        });

    [Fact]
    public void Limits_are_read()
    {
        IReadOnlyDictionary<ResourceLimit, RLimit64> limits = ProcLimits.Parse(Bytes(Limits));

        Assert.Equal(3, limits.Count);
        Assert.Equal(ResourceLimits.Infinity, limits[ResourceLimit.RLIMIT_CPU].Maximum);
        Assert.Equal(
            (17ul, 96365ul),
            (limits[ResourceLimit.RLIMIT_NPROC].Current, limits[ResourceLimit.RLIMIT_NPROC].Maximum)
        );
        Assert.Equal(
            (0ul, ResourceLimits.Infinity),
            (limits[ResourceLimit.RLIMIT_NICE].Current, limits[ResourceLimit.RLIMIT_NICE].Maximum)
        );
    }

    [Fact]
    public void Mappings_and_what_is_in_memory_of_them_are_read()
    {
        IReadOnlyList<(MemoryMapping Mapping, MappingUsage Usage)> all = MappingUsage.ParseAll(Bytes(Smaps));

        Assert.Equal(2, all.Count);
        (MemoryMapping file, MappingUsage usage) = all[0];
        Assert.Equal((0x55b27107e000ul, 0x2000ul, 0x1000ul), (file.Start, file.Length, file.Offset));
        Assert.Equal(
            (new DeviceNumber(0xfe, 0x10), 247629ul, false, true),
            (file.Device, file.Inode, file.IsShared, file.IsDeleted)
        );
        Assert.Equal("/usr/bin/a\n b", file.FilePath);
        Assert.Equal(
            (8192L, 4096L, 5120L, 3072L, "rd mr mw me"),
            (usage.Resident, usage.Proportional, usage.Shared, usage.Private, usage.Flags)
        );
        Assert.Equal((true, null, ""), (all[1].Mapping.IsShared, all[1].Mapping.FilePath, all[1].Mapping.Name));
        Assert.Equal(
            (140L << 10, 20L << 10, 1L << 10),
            (usage.Plus(all[1].Usage).Size, usage.Plus(all[1].Usage).Resident, usage.Plus(all[1].Usage).Swap)
        );
    }

    [Fact]
    public void Pressure_is_read()
    {
        PressureStall stall = PressureStall.Parse(
            "some avg10=51.72 avg60=64.17 avg300=61.30 total=20602292112\nfull avg10=0.00 avg60=0.50 avg300=0.00 total=7\n"u8
        );

        Assert.Equal(new StallTime(51.72, 64.17, 61.30, 20602292112), stall.Some);
        Assert.Equal(new StallTime(0, 0.5, 0, 7), stall.Full);
        Assert.Null(PressureStall.Parse("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"u8).Full);
    }

    [Fact]
    public void Open_files_are_read()
    {
        OpenFile file = OpenFile.Parse(
            5,
            "anon_inode:[pidfd]",
            "pos:\t12\nflags:\t02000002\nmnt_id:\t15\nPid:\t77\nNSpid:\t77\t1\n"u8
        );

        Assert.Equal((12L, 15, true, OpenFlags.O_RDWR), (file.Position, file.MountId, file.IsCloseOnExec, file.Access));
        Assert.Equal([new("Pid", "77"), new("NSpid", "77\t1")], file.Details.Where(line => line.Key != "ino"));
    }

    [Fact]
    public void What_a_driver_adds_to_a_file_does_not_change_what_the_kernel_says()
    {
        OpenFile file = OpenFile.Parse(
            5,
            "/dmabuf:",
            "pos:\t1\nflags:\t02\nmnt_id:\t15\nname:\ta\nflags:\tx\npos:\ty\n"u8
        );

        Assert.Equal((1L, 15, OpenFlags.O_RDWR), (file.Position, file.MountId, file.Access));
        Assert.Equal(["name", "flags", "pos"], file.Details.Select(line => line.Key));
    }

    [Fact]
    public void Io_is_read() =>
        Assert.Equal(
            new ProcIo(1, 2, 3, 4, 5, 6, 7),
            ProcIo.Parse(
                "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 7\n"u8
            )
        );

    [Fact]
    public void The_fields_behind_the_resident_pages_are_in_their_places()
    {
        string fields = string.Join(' ', Enumerable.Range(4, 49));
        ProcStat stat = ProcStat.Parse(Bytes($"1 (a b) S {fields}\n"));

        Assert.Equal((10ul, 12ul, 18L, 19), (stat.MinorFaults, stat.MajorFaults, stat.Priority, stat.Nice));
        Assert.Equal(
            (8, 9u, 11ul, 13ul, 16L, 17L),
            (
                stat.TerminalGroup,
                stat.Flags,
                stat.ChildMinorFaults,
                stat.ChildMajorFaults,
                stat.ChildUserTicks,
                stat.ChildSystemTicks
            )
        );
        Assert.Equal(((Signal)38, 43ul, 44L), (stat.ExitSignal, stat.GuestTicks, stat.ChildGuestTicks));
        Assert.Equal(
            (39u, 40u, (SchedulingPolicy)41, 42ul),
            (stat.Processor, stat.RealTimePriority, stat.Policy, stat.BlockDelayTicks)
        );
        Assert.Equal(
            new MemoryBounds
            {
                StartCode = 26,
                EndCode = 27,
                StartStack = 28,
                StartData = 45,
                EndData = 46,
                StartBreak = 47,
                StartArguments = 48,
                EndArguments = 49,
                StartEnvironment = 50,
                EndEnvironment = 51,
            },
            stat.Bounds
        );
    }

    [Fact]
    public void No_bytes_break_the_parsers()
    {
        Gen<byte[]> Mutated(string text) => Gen.OneOf(Gen.Byte.Array, MountInfoTests.Mutated(Bytes(text)));
        Mutated(Sched).Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcScheduler.Parse(text, text)));
        Mutated(Limits).Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcLimits.Parse(text)));
        Mutated(Smaps).Sample(text => MountInfoTests.OnlyFormatErrors(() => MappingUsage.ParseAll(text)));
        Mutated("some avg10=0.00 avg60=0.00 avg300=0.00 total=0")
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => PressureStall.Parse(text)));
        Mutated("pos:\t12\nflags:\t02000002\nmnt_id:\t15\n")
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => OpenFile.Parse(1, "", text)));
        Mutated("rchar: 1\nwchar: 2\n").Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcIo.Parse(text)));
        Mutated("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1\n")
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcessorTimes.Parse(text)));
        Mutated("MemTotal: 7 kB\nSwapFree: 1 kB\n")
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => MachineMemory.Parse(text)));
        Mutated("4:memory,cpu:/a b\n0::/x\n")
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcCgroup.Parse(text)));
        Mutated("         0     100000      65536\n")
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcNamespaceFiles.ParseMap(Text(text))));
        Mutated("monotonic 86400 0\nboottime -1 999999999\n")
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => ProcNamespaceFiles.ParseTimeOffsets(Text(text))));
        Mutated("7 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffd 0x7f\n")
            .Sample(text => MountInfoTests.OnlyFormatErrors(() => BlockedCall.Parse(Text(text))));
        Gen.Byte.Array[AccountingRecord.Size]
            .Sample(bytes =>
                MountInfoTests.OnlyFormatErrors(() => AccountingRecord.ParseAll([bytes[0], 3, .. bytes[2..]]))
            );
        Gen.Byte.Array[LoginRecord.Size].Sample(bytes => LoginRecord.ParseAll(bytes).Count == 1);
    }

    [Fact]
    public void Ids_that_are_too_large_are_no_map() =>
        Assert.Throws<FormatException>(() => ProcNamespaceFiles.ParseMap("0 0 4294967296"));

    private static string Text(byte[] text) => Encoding.Latin1.GetString(text);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
