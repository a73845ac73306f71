using System.Buffers.Binary;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class ProcessAccountingTests
{
    [Fact]
    public void The_records_that_the_kernel_writes_are_read()
    {
        Require.Root();
        Require.Program("unshare");
        Require.Program("perl");
        using TemporaryDirectory directory = new();
        string file = directory.Write("records", "");
        int number = SyscallTable.Number(
            Syscall.acct,
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64
                ? CpuArchitecture.Arm64
                : CpuArchitecture.X64
        );

        // In a PID namespace of its own: the machine's accounting is not touched.
        using Orphan orphan = Orphan.Start(
            $"exec unshare --pid --fork --kill-child perl -e \"my \\$f = q({file}); syscall({number}, \\$f) == 0 or exit 9; system(q(sh), q(-c), q(exit 3));\""
        );
        WaitOutcome outcome = PidFds.Wait(orphan.Process).OrThrow("wait")!.Value;
        Assert.SkipWhen(outcome.Status == ExitStatus.Exited(9), "needs CONFIG_BSD_PROCESS_ACCT");
        Assert.Equal(ExitStatus.Exited(0), outcome.Status);

        byte[] content = File.ReadAllBytes(file);
        Assert.SkipWhen(content.Length > 0 && (content[1] & 0xf) != 3, "needs CONFIG_BSD_PROCESS_ACCT_V3");
        AccountingRecord record = Assert.Single(AccountingRecord.ParseAll(content), one => one.Command == "sh");
        Assert.Equal((2, 1, ExitStatus.Exited(3)), (record.ProcessId, record.ParentId, record.Status));
        Assert.False(record.DidNotExecute);
        Assert.True(record.MinorFaults > 0 && record.Elapsed >= TimeSpan.Zero);
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(
            (long)File.GetLastWriteTimeUtc(file).Subtract(DateTime.UnixEpoch).TotalSeconds
        );
        Assert.InRange(record.Began, now.AddMinutes(-5), now.AddMinutes(1));
    }

    [Fact]
    public void A_file_that_is_none_is_refused()
    {
        Require.Root();
        using TemporaryDirectory directory = new();
        SysResult refused = ProcessAccounting.TurnOn($"{directory.Path}/missing");
        Assert.SkipWhen(refused.Errno == Errno.ENOSYS, "needs CONFIG_BSD_PROCESS_ACCT");
        Assert.Equal(Errno.ENOENT, refused.Errno);
        Assert.Contains(ProcessAccounting.TurnOn(directory.Path).Errno, new[] { Errno.EISDIR, Errno.EACCES });
    }

    [Fact]
    public void A_record_is_taken_apart()
    {
        byte[] record = new byte[AccountingRecord.Size + 10];
        record[0] = 3;
        record[1] = 3;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), 9 | 0x80);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), 1000);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(16), 77);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(24), 1_000_000);
        BinaryPrimitives.WriteSingleLittleEndian(record.AsSpan(28), 250);

        // 5 shifted by three bits twice.
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(32), (2 << 13) | 5);
        "a-name"u8.CopyTo(record.AsSpan(48));

        AccountingRecord parsed = Assert.Single(AccountingRecord.ParseAll(record));

        Assert.Equal(("a-name", 77, 1000u), (parsed.Command, parsed.ProcessId, parsed.UserId));
        Assert.Equal(ExitStatus.Killed(Signal.SIGKILL, coreDumped: true), parsed.Status);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_000_000), parsed.Began);
        Assert.Equal((TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(3.2)), (parsed.Elapsed, parsed.UserTime));
        Assert.True(parsed is { WasPrivileged: true, DidNotExecute: true });
        record[1] = 2;
        Assert.Throws<FormatException>(() => AccountingRecord.ParseAll(record));
    }
}
