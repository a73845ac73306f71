using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes.Tests.Creation;

public sealed class ProcessNumberTests
{
    [Fact]
    public async Task A_process_has_the_number_that_was_chosen()
    {
        Require.Root();
        int number = FreeNumber();
        await using ChildProcess child = ChildProcess.Start(
            new("cat") { ProcessIds = [number], StandardInput = ChildStream.Pipe }
        );

        Assert.Equal(number, child.ProcessId);
        ProcessStartException taken = Assert.Throws<ProcessStartException>(() =>
            ChildProcess.Start(new("true") { ProcessIds = [number] })
        );
        Assert.Equal((nameof(ProcessStartOptions.ProcessIds), Errno.EEXIST), (taken.Setting, taken.Errno));
        Assert.Contains("has that number already", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_PID_namespace_s_first_process_has_a_number_outside()
    {
        Require.Root();
        int number = FreeNumber();
        ProcessStartOptions options = new("cat")
        {
            ProcessIds = [1, number],
            Namespaces = new() { New = CloneFlags.CLONE_NEWPID },
            StandardInput = ChildStream.Pipe,
        };
        await using ChildProcess child = ChildProcess.Start(options);

        Assert.Equal(number, child.ProcessId);
        string status = await File.ReadAllTextAsync($"/proc/{number}/status", TestContext.Current.CancellationToken);
        Assert.Contains($"NSpid:\t{number}\t1\n", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_in_a_joined_PID_namespace_has_a_number_there()
    {
        Require.Root();
        await using ChildProcess first = ChildProcess.Start(
            new("cat")
            {
                Namespaces = new() { New = CloneFlags.CLONE_NEWPID },
                StandardInput = ChildStream.Pipe,
            }
        );
        using NamespaceFd inner = Namespaces.OpenPath($"/proc/{first.ProcessId}/ns/pid").OrThrow("open");
        ProcessStartOptions options = new("cat")
        {
            ProcessIds = [77],
            Namespaces = new() { Joined = [inner] },
            StandardInput = ChildStream.Pipe,
        };
        await using ChildProcess second = ChildProcess.Start(options);

        string status = await File.ReadAllTextAsync(
            $"/proc/{second.ProcessId}/status",
            TestContext.Current.CancellationToken
        );
        Assert.Contains($"NSpid:\t{second.ProcessId}\t77\n", status, StringComparison.Ordinal);
        ProcessStartException taken = Assert.Throws<ProcessStartException>(() => ChildProcess.Start(options));
        Assert.Equal((nameof(ProcessStartOptions.ProcessIds), Errno.EEXIST), (taken.Setting, taken.Errno));
    }

    [Fact]
    public void Numbers_that_cannot_be_are_refused()
    {
        ProcessNamespaces own = new() { New = CloneFlags.CLONE_NEWPID };
        Assert.Throws<ArgumentException>(() => ChildProcess.Start(new("true") { ProcessIds = [0] }));
        Assert.Throws<ArgumentException>(() => ChildProcess.Start(new("true") { ProcessIds = [2], Namespaces = own }));
        Assert.Throws<ArgumentException>(() =>
            ChildProcess.Start(new("true") { ProcessIds = [.. Enumerable.Range(1, 33)] })
        );
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        ProcessStartException failure = Assert.Throws<ProcessStartException>(() =>
            ChildProcess.Start(new("true") { ProcessIds = [int.MaxValue] })
        );
        Assert.Equal((nameof(ProcessStartOptions.ProcessIds), Errno.EINVAL), (failure.Setting, failure.Errno));
    }

    [Fact]
    public void Whether_a_file_may_be_executed_is_asked()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("script", "echo hello\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        using FileFd file = Files.OpenAt(null, path, OpenFlags.O_RDONLY).OrThrow("open");
        SysResult asked = Files.CheckExecution(file, BytePath.Empty, AtFlags.AT_EMPTY_PATH);
        Assert.SkipWhen(asked.Errno == Errno.EINVAL, "needs AT_EXECVE_CHECK (Linux 6.14)");

        Assert.False(ProcessSecurity.MayExecute(file));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.True(ProcessSecurity.MayExecute(file));
        Assert.Equal(Errno.ENOENT, Files.CheckExecution(null, directory.Path + "/nothing").Errno);
        using DirectoryFd folder = Files.OpenDirectoryAt(null, directory.Path).OrThrow("open");
        Assert.False(ProcessSecurity.MayExecute(folder));
    }

    [Fact]
    public async Task Programs_that_run_scripts_are_told_to_ask()
    {
        Require.Root();
        const SecureBits Wanted = SecureBits.SECBIT_EXEC_RESTRICT_FILE | SecureBits.SECBIT_EXEC_DENY_INTERACTIVE;
        ProcessStartOptions options = new("cat") { SecureBits = Wanted, StandardInput = ChildStream.Pipe };
        ChildProcess started;
        try
        {
            started = ChildProcess.Start(options);
        }
        catch (ProcessStartException failure) when (failure.Errno == Errno.EPERM)
        {
            Assert.Skip("needs SECBIT_EXEC_RESTRICT_FILE (Linux 6.14)");
            return;
        }

        await using ChildProcess child = started;
        OwnThread.Run(() =>
        {
            ProcessSecurity.SetSecureBits(Wanted);
            Assert.Equal(Wanted, ProcessSecurity.SecureBits);
        });
    }

    private static int FreeNumber() =>
        Enumerable.Range(20_000, 10_000).First(number => !Directory.Exists($"/proc/{number}"));
}
