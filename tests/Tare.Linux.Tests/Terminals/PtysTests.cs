using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class PtysTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Both_sides_see_the_same_size()
    {
        using PtyFd master = Ptys.OpenMaster().OrThrow("open /dev/ptmx");
        using PtyFd slave = Ptys.OpenSlave(master).OrThrow("ioctl");
        Terminals.SetSize(master, new() { Rows = 41, Columns = 133 }).OrThrow("ioctl");
        WinSize size = Terminals.GetSize(slave).OrThrow("ioctl");
        Assert.Equal((41, 133), (size.Rows, size.Columns));
        Assert.True(Terminals.IsTerminal(slave));
        Assert.True(DescriptorTable.IsCloseOnExec(slave).OrThrow("fcntl"));
        Assert.True(Ptys.GetNumber(master).Ok);
    }

    [Fact]
    public void A_raw_terminal_passes_every_byte_and_echoes_none()
    {
        using PtyFd master = Ptys.OpenMaster().OrThrow("open /dev/ptmx");
        using PtyFd slave = Ptys.OpenSlave(master).OrThrow("ioctl");
        TermiosLinux cooked = Terminals.GetSettings(slave).OrThrow("ioctl");
        Assert.NotEqual(default, cooked.Local & TerminalLocalFlags.ECHO);
        Terminals.SetSettings(slave, Terminals.MakeRaw(cooked)).OrThrow("ioctl");
        byte[] typed = [3, 4, 13, 10, 26, 28, 0xff];
        Files.WriteAll(master, typed).OrThrow("write");
        byte[] buffer = new byte[32];
        Assert.Equal(typed.Length, Files.Read(slave, buffer).OrThrow("read"));
        Assert.Equal(typed, buffer[..typed.Length]);
        Files.WriteAll(slave, "a\nb"u8).OrThrow("write");
        Assert.Equal(3, Files.Read(master, buffer).OrThrow("read"));
        Assert.Equal("a\nb"u8.ToArray(), buffer[..3]);
        Terminals.SetSettings(slave, cooked).OrThrow("ioctl");
        Files.WriteAll(slave, "\n"u8).OrThrow("write");
        Assert.Equal(2, Files.Read(master, buffer).OrThrow("read"));
        Assert.Equal("\r\n"u8.ToArray(), buffer[..2]);
    }

    [Fact]
    public async Task Settings_are_changed_while_somebody_waits_to_write()
    {
        using PtyFd master = Ptys.OpenMaster().OrThrow("open /dev/ptmx");
        using PtyFd slave = Ptys.OpenSlave(master).OrThrow("ioctl");
        TermiosLinux settings = Terminals.GetSettings(slave).OrThrow("ioctl");
        Task<SysResult> writing = Task.Run(() => Files.WriteAll(slave, new byte[1 << 20]), Cancelled);
        while (Poll.Wait(slave, PollEvents.POLLOUT, TimeSpan.Zero).OrThrow("poll") != PollEvents.None)
        {
            Thread.Yield();
        }

        Task changing = Task.Run(() => Terminals.SetSettings(slave, settings).OrThrow("ioctl"), Cancelled);

        await changing.WaitAsync(TimeSpan.FromMinutes(1), Cancelled);
        Assert.False(writing.IsCompleted);
        master.Dispose();
        Assert.Equal(Errno.EIO, (await writing).Errno);
    }

    [Fact]
    public void Through_a_devpts_the_master_belongs_to_it()
    {
        using DirectoryFd devPts = Files.OpenDirectoryAt(null, "/dev/pts").OrThrow("openat");
        SysResult<PtyFd> opened = Ptys.OpenMaster(devPts);
        Assert.SkipWhen(opened.Errno == Errno.EACCES, "this devpts lets nobody open its ptmx");
        using PtyFd master = opened.OrThrow("open ptmx");
        int number = Ptys.GetNumber(master).OrThrow("ioctl");
        Assert.True(File.Exists($"/dev/pts/{number}"));
    }

    [Fact]
    public void A_directory_that_is_no_devpts_is_refused()
    {
        using DirectoryFd other = Files.OpenDirectoryAt(null, "/tmp").OrThrow("openat");
        Assert.Equal(Errno.ENODEV, Ptys.OpenMaster(other).Errno);
    }

    [Fact]
    public void A_pipe_is_no_terminal()
    {
        using PipePair pipe = Pipes.Create().OrThrow("pipe2");
        Assert.False(Terminals.IsTerminal(pipe.ReadEnd));
        Assert.Equal(Errno.ENOTTY, Terminals.GetSize(pipe.ReadEnd).Errno);
        Assert.Equal(Errno.ENOTTY, Terminals.GetForeground(pipe.ReadEnd).Errno);
        Assert.Equal(Errno.ENOTTY, Terminals.SetForeground(pipe.ReadEnd, 1).Errno);
    }
}
