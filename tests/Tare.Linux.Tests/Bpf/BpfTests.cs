using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class BpfTests
{
    public BpfTests()
    {
        Require.Root();
        SysResult<BpfMapFd> map = BpfMaps.Create(BpfMapType.BPF_MAP_TYPE_ARRAY, 4, 8, 1);
        Assert.SkipWhen(map.Errno is Errno.ENOSYS or Errno.EPERM, $"needs bpf(2): {map.Errno}");
        map.Value.Dispose();
    }

    [Fact]
    public void Values_are_kept_by_their_keys()
    {
        using BpfMapFd map = BpfMaps.Create(BpfMapType.BPF_MAP_TYPE_HASH, 4, 8, 2).OrThrow("make a map");
        byte[] value = new byte[8];
        Assert.Equal(Errno.ENOENT, BpfMaps.Read(map, [1, 0, 0, 0], value).Errno);
        BpfMaps.Write(map, [1, 0, 0, 0], "one     "u8).OrThrow("write");
        Assert.Equal(Errno.EEXIST, BpfMaps.Write(map, [1, 0, 0, 0], "another "u8, BpfUpdateFlags.BPF_NOEXIST).Errno);
        BpfMaps.Write(map, [2, 0, 0, 0], "two     "u8).OrThrow("write");
        Assert.Equal(Errno.E2BIG, BpfMaps.Write(map, [3, 0, 0, 0], "three   "u8).Errno);
        BpfMaps.Read(map, [1, 0, 0, 0], value).OrThrow("read");
        Assert.Equal("one     "u8.ToArray(), value);

        byte[] first = new byte[4];
        byte[] second = new byte[4];
        BpfMaps.Next(map, default, first).OrThrow("next");
        BpfMaps.Next(map, first, second).OrThrow("next");
        Assert.Equal(3, first[0] + second[0]);
        Assert.Equal(Errno.ENOENT, BpfMaps.Next(map, second, new byte[4]).Errno);
        BpfMaps.Remove(map, first).OrThrow("remove");
        Assert.Equal(Errno.ENOENT, BpfMaps.Read(map, first, value).Errno);
    }

    [Fact]
    public void The_longest_prefix_is_found()
    {
        using BpfMapFd map = BpfMaps.Create(BpfMapType.BPF_MAP_TYPE_LPM_TRIE, 8, 1, 4).OrThrow("make a map");
        BpfMaps.Write(map, [8, 0, 0, 0, 10, 0, 0, 0], [1]).OrThrow("write");
        BpfMaps.Write(map, [16, 0, 0, 0, 10, 1, 0, 0], [2]).OrThrow("write");
        byte[] found = new byte[1];
        BpfMaps.Read(map, [32, 0, 0, 0, 10, 1, 2, 3], found).OrThrow("read");
        Assert.Equal(2, found[0]);
        BpfMaps.Read(map, [32, 0, 0, 0, 10, 2, 2, 3], found).OrThrow("read");
        Assert.Equal(1, found[0]);
    }

    [Fact]
    public void A_program_that_is_refused_is_explained()
    {
        BpfCode wrong = new BpfCode().Load(BpfSize.Word, BpfRegister.R0, BpfRegister.R1, 4096).Return();

        Assert.Equal(Errno.EACCES, BpfPrograms.Load(BpfProgramType.BPF_PROG_TYPE_CGROUP_DEVICE, wrong).Errno);
        Assert.Contains(
            "invalid bpf_context access",
            BpfPrograms.Explain(BpfProgramType.BPF_PROG_TYPE_CGROUP_DEVICE, wrong),
            StringComparison.Ordinal
        );
        Assert.Empty(BpfPrograms.Explain(BpfProgramType.BPF_PROG_TYPE_CGROUP_DEVICE, new BpfCode().Return(1)));
        Assert.Throws<InvalidOperationException>(() => new BpfCode().Jump(new BpfLabel()).Return(0).ToBytes());
    }

    [Fact]
    public void A_program_counts_and_tells_at_a_tracepoint()
    {
        using BpfMapFd counts = BpfMaps.Create(BpfMapType.BPF_MAP_TYPE_ARRAY, 4, 8, 1).OrThrow("make a map");
        using BpfRing ring = BpfRing.Create(1 << 16).OrThrow("make a ring")!;
        BpfLabel others = new();
        BpfCode code = new BpfCode()
            .Call(BpfFunction.get_current_pid_tgid)
            .Do(BpfOperation.ShiftRight, BpfRegister.R0, 32)
            .JumpIf(BpfCondition.NotEqual, BpfRegister.R0, Environment.ProcessId, others)
            .Set(BpfRegister.R6, BpfRegister.R0)
            .Store(BpfSize.Word, BpfRegister.R10, -4, 0)
            .Set(BpfRegister.R2, BpfRegister.R10)
            .Do(BpfOperation.Add, BpfRegister.R2, -4)
            .Set(BpfRegister.R1, counts)
            .Call(BpfFunction.map_lookup_elem)
            .JumpIf(BpfCondition.Equal, BpfRegister.R0, 0, others)
            .Load(BpfSize.DoubleWord, BpfRegister.R1, BpfRegister.R0)
            .Do(BpfOperation.Add, BpfRegister.R1, 1)
            .Store(BpfSize.DoubleWord, BpfRegister.R0, 0, BpfRegister.R1)
            .Store(BpfSize.DoubleWord, BpfRegister.R10, -16, BpfRegister.R6)
            .Set(BpfRegister.R1, ring.Map)
            .Set(BpfRegister.R2, BpfRegister.R10)
            .Do(BpfOperation.Add, BpfRegister.R2, -16)
            .Set(BpfRegister.R3, 8)
            .Set(BpfRegister.R4, 0)
            .Call(BpfFunction.ringbuf_output)
            .Mark(others)
            .Return(0);
        using BpfProgramFd program = BpfPrograms
            .Load(BpfProgramType.BPF_PROG_TYPE_RAW_TRACEPOINT, code)
            .OrThrow("load", null, BpfPrograms.Explain(BpfProgramType.BPF_PROG_TYPE_RAW_TRACEPOINT, code));
        Assert.Equal(Errno.ENOENT, BpfPrograms.AttachRaw("no_such_tracepoint", program).Errno);
        using (BpfPrograms.AttachRaw("task_rename", program).OrThrow("attach"))
        {
            OwnThread.Run(() =>
            {
                Prctl.SetName("one"u8).OrThrow("prctl");
                Prctl.SetName("two"u8).OrThrow("prctl");
            });
        }

        OwnThread.Run(() => Prctl.SetName("three"u8).OrThrow("prctl"));
        byte[] count = new byte[8];
        BpfMaps.Read(counts, [0, 0, 0, 0], count).OrThrow("read");
        long counted = BinaryPrimitives.ReadInt64LittleEndian(count);
        Assert.True(counted >= 2, $"{counted}");
        Poll.Wait(ring.Map, PollEvents.POLLIN, TimeSpan.FromSeconds(30)).OrThrow("poll");
        int told = 0;
        while (ring.Take() is { } record)
        {
            Assert.Equal(Environment.ProcessId, BinaryPrimitives.ReadInt64LittleEndian(record));
            told++;
        }

        Assert.Equal(counted, told);
    }

    [Fact]
    public void A_ring_goes_round()
    {
        using BpfRing ring = BpfRing.Create(4096).OrThrow("make a ring")!;
        BpfCode code = new BpfCode()
            .Call(BpfFunction.get_current_pid_tgid)
            .Set(BpfRegister.R6, BpfRegister.R0)
            .Do(BpfOperation.ShiftRight, BpfRegister.R0, 32);
        BpfLabel others = new();
        code.JumpIf(BpfCondition.NotEqual, BpfRegister.R0, Environment.ProcessId, others);
        for (int offset = -496; offset < 0; offset += 8)
        {
            code.Store(BpfSize.DoubleWord, BpfRegister.R10, offset, BpfRegister.R6);
        }

        code.Set(BpfRegister.R1, ring.Map)
            .Set(BpfRegister.R2, BpfRegister.R10)
            .Do(BpfOperation.Add, BpfRegister.R2, -496)
            .Set(BpfRegister.R3, 491)
            .Set(BpfRegister.R4, 0)
            .Call(BpfFunction.ringbuf_output)
            .Mark(others)
            .Return(0);
        using BpfProgramFd program = BpfPrograms
            .Load(BpfProgramType.BPF_PROG_TYPE_RAW_TRACEPOINT, code)
            .OrThrow("load", null, BpfPrograms.Explain(BpfProgramType.BPF_PROG_TYPE_RAW_TRACEPOINT, code));
        using FileFd attached = BpfPrograms.AttachRaw("task_rename", program).OrThrow("attach");
        OwnThread.Run(() =>
        {
            ulong self = ((ulong)Environment.ProcessId << 32) | (uint)Processes.GetThreadId();
            int mine = 0;
            for (int i = 0; i < 50; i++)
            {
                Prctl.SetName("one"u8).OrThrow("prctl");
                while (ring.Take() is { } record)
                {
                    Assert.Equal(491, record.Length);
                    Assert.Equal(
                        BinaryPrimitives.ReadUInt64LittleEndian(record),
                        BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(480))
                    );
                    mine += BinaryPrimitives.ReadUInt64LittleEndian(record) == self ? 1 : 0;
                }
            }

            Assert.Equal(50, mine);
        });
    }

    [Fact]
    public void Structs_are_as_large_as_the_kernels()
    {
        Assert.Equal(72, Unsafe.SizeOf<BpfProgramLoad>());
        Assert.Equal(16, Unsafe.SizeOf<BpfProgramAttach>());
        Assert.Equal(20, Unsafe.SizeOf<BpfMapCreate>());
        Assert.Equal(32, Unsafe.SizeOf<BpfMapElement>());
        Assert.Equal(16, Unsafe.SizeOf<BpfTracepointOpen>());
    }
}
