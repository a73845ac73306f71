using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class CoreDumpTests
{
    [Theory]
    [InlineData("core", CoreDumpTarget.File, "core")]
    [InlineData("/var/crash/%e.%p", CoreDumpTarget.File, "/var/crash/%e.%p")]
    [InlineData("|/usr/lib/handler %P %d", CoreDumpTarget.Program, "/usr/lib/handler %P %d")]
    [InlineData("@/run/core.socket", CoreDumpTarget.Socket, "/run/core.socket")]
    [InlineData("@@/run/core.socket", CoreDumpTarget.NegotiatingSocket, "/run/core.socket")]
    [InlineData("", CoreDumpTarget.File, "")]
    public void A_pattern_says_where_dumps_go(string pattern, CoreDumpTarget target, string text) =>
        Assert.Equal(new(target, text), CoreDumpPattern.Parse(pattern));

    [Fact]
    public void The_machine_s_pattern_is_read()
    {
        CoreDumpPattern pattern = CoreDumpPattern.Read().OrThrow("read");
        Assert.EndsWith(
            pattern.Text,
            File.ReadAllText("/proc/sys/kernel/core_pattern").TrimEnd('\n'),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_listener_hears_what_the_kernel_can_and_says_what_it_wants()
    {
        using SocketPair pair = UnixSockets.CreatePair(SocketFlags.SOCK_STREAM).OrThrow("socketpair");

        // As a newer kernel would say it: 8 bytes more, which are none of the mark.
        byte[] request = new byte[24];
        request[0] = 24;
        request[4] = 16;
        request[8] = 0xf;
        request.AsSpan(16).Fill(0xff);
        Files.WriteAll(pair.Second, [.. request, (byte)CoreDumpMark.COREDUMP_MARK_CONFLICTING]).OrThrow("write");

        CoreDumpActions can = CoreDumpSocket.ReadRequest(pair.First).OrThrow("read");
        Assert.Equal(0xful, (ulong)can);
        Assert.Equal(
            CoreDumpMark.COREDUMP_MARK_CONFLICTING,
            CoreDumpSocket.Answer(pair.First, CoreDumpActions.COREDUMP_WAIT).OrThrow("answer")
        );
        byte[] answer = new byte[32];
        Assert.Equal(16, Files.Read(pair.Second, answer).OrThrow("read"));
        Assert.Equal([16, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0], answer[..16]);

        Files.WriteAll(pair.Second, new byte[16]).OrThrow("write");
        Assert.Equal(Errno.EPROTO, CoreDumpSocket.ReadRequest(pair.First).Errno);
        pair.Second.Dispose();
        Assert.Equal(Errno.ENODATA, CoreDumpSocket.ReadRequest(pair.First).Errno);
    }

    [Fact]
    public void What_a_dump_holds_is_set_and_read_back()
    {
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        using DirectoryFd process = ProcDirectory.Open(orphan.Process).OrThrow("open");
        SysResult<CoreDumpParts> before = CoreDumps.GetParts(process);
        Assert.SkipWhen(before.Errno == Errno.ENOENT, "needs CONFIG_ELF_CORE");
        CoreDumpParts other = before.OrThrow("read") ^ CoreDumpParts.FileShared;

        CoreDumps.SetParts(process, other).OrThrow("write");

        Assert.Equal(other, CoreDumps.GetParts(process).OrThrow("read"));
    }

    [Fact]
    public void How_a_process_would_dump_its_core_is_told_while_it_lives()
    {
        Assert.SkipUnless(
            Environment.OSVersion.Version >= new Version(6, 16),
            "needs PIDFD_INFO_COREDUMP (Linux 6.16)"
        );
        using Orphan orphan = Orphan.Start("exec sleep 1000");
        Assert.Equal(PidFdCoreDump.PIDFD_COREDUMP_USER, PidFds.GetCoreDump(orphan.Process).OrThrow("ask"));

        PidFds.SendSignal(orphan.Process, Signal.SIGKILL).OrThrow("kill");
        PidFds.Wait(orphan.Process).OrThrow("wait");

        // It had no dump, and its end is still told.
        Assert.Equal(PidFdCoreDump.None, PidFds.GetCoreDump(orphan.Process).OrThrow("ask"));
    }

    [Fact]
    public void Addresses_are_random_as_the_machine_says()
    {
        RandomizedParts parts = AddressRandomization.OfMachine().OrThrow("read");
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/randomize_va_space").Trim(), ((int)parts).ToString());
    }

    [Fact]
    public void A_thread_s_personality_is_set_and_read_back()
    {
        OwnThread.Run(() =>
        {
            PersonalityFlags before = AddressRandomization.GetPersonality().OrThrow("personality");
            PersonalityFlags other = before | PersonalityFlags.ADDR_NO_RANDOMIZE;
            Assert.Equal(before, AddressRandomization.SetPersonality(other).OrThrow("personality"));
            Assert.Equal(other, AddressRandomization.GetPersonality().Value);
            using DirectoryFd thread = Files.OpenDirectoryAt(null, "/proc/thread-self").OrThrow("open");
            Assert.Equal(other, AddressRandomization.PersonalityOf(thread).OrThrow("read"));
        });
    }
}
