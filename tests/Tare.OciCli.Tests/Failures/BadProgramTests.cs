using System.Buffers.Binary;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Programs that cannot be executed: the line says which of many reasons it is, however they are started.</summary>
public sealed class BadProgramTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly string _rootfs;

    public BadProgramTests()
    {
        _rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));
        Directory.CreateDirectory(At("/opt/directory"));
    }

    [Fact]
    public void A_program_that_is_missing() =>
        ShouldFail("/opt/missing", "exec: \"/opt/missing\": no such file or directory: ENOENT");

    [Fact]
    public void A_program_that_is_missing_in_a_directory_that_is_a_file() =>
        ShouldFail("/etc/passwd/x", "exec: \"/etc/passwd/x\": not a directory: ENOTDIR");

    [Fact]
    public void A_program_that_is_in_no_directory_of_path() =>
        ShouldFail(
            "no-such-program",
            "exec: \"no-such-program\": executable file not found in $PATH: ENOENT (no directory of PATH holds it)"
        );

    [Fact]
    public void An_argument_that_is_longer_than_the_kernel_takes() =>
        Assert.Equal(
            "tare-oci: execute '/bin/echo': E2BIG "
                + "(an argument or variable is longer than 128 KiB, or all of them than a quarter of RLIMIT_STACK)\n",
            _runtime.Run(["echo", new string('x', 200_000)]).ShouldExitWith(1).Errors
        );

    [Fact]
    public void A_file_that_is_not_executable()
    {
        File.WriteAllText(At("/opt/file"), "x");

        ShouldFail(
            "/opt/file",
            "exec: \"/opt/file\": permission denied: EACCES ('/opt/file' is not executable: chmod +x it)"
        );
    }

    [Fact]
    public void A_file_in_path_that_is_not_executable()
    {
        File.WriteAllText(At("/bin/plain-file"), "x");

        ShouldFail(
            "plain-file",
            "exec: \"plain-file\": permission denied: EACCES ('/bin/plain-file' is not executable: chmod +x it)"
        );
    }

    [Fact]
    public void A_directory() =>
        ShouldFail(
            "/opt/directory",
            "exec: \"/opt/directory\": permission denied: EACCES ('/opt/directory' is a directory (name a program))"
        );

    [Fact]
    public void A_program_for_another_architecture()
    {
        Assert.SkipWhen(File.Exists("/proc/sys/fs/binfmt_misc/qemu-riscv64"), "this machine runs programs of others");
        Install("/opt/program", ElfHeader(243));

        string error = ShouldFail("/opt/program");

        Assert.StartsWith(
            "tare-oci: exec: \"/opt/program\": exec format error: ENOEXEC",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains("is a program for RISC-V, and this machine is ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_cut_off()
    {
        Install("/opt/program", ElfHeader(62)[..20]);

        Assert.Contains("is cut off", ShouldFail("/opt/program"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_whose_loader_is_missing()
    {
        Assert.SkipUnless(
            Tool.Run("sh", "-c", "head -c 2000 /bin/true | grep -q ld-linux").ExitCode == 0,
            "needs a dynamically linked /bin/true"
        );
        Install("/opt/program", File.ReadAllBytes("/bin/true"));

        string error = ShouldFail("/opt/program");

        Assert.StartsWith(
            "tare-oci: exec: \"/opt/program\": no such file or directory: ENOENT",
            error,
            StringComparison.Ordinal
        );
        Assert.Contains("the dynamic loader '/lib", error, StringComparison.Ordinal);
        Assert.Contains("that '/opt/program' needs is missing", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "#!/opt/interpreter\necho\n",
        "the interpreter '/opt/interpreter' that the first line of '/opt/script' names is missing"
    )]
    [InlineData(
        "#! /opt/interpreter -x\necho\n",
        "the interpreter '/opt/interpreter' that the first line of '/opt/script' names is missing"
    )]
    [InlineData(
        "#!/bin/sh\r\necho\r\n",
        "the first line of '/opt/script' ends with CR LF, so that the kernel looks for '/bin/sh\\r': save it with Unix line ends"
    )]
    [InlineData("#!/etc/passwd\n", "the interpreter '/etc/passwd' of '/opt/script' is not executable")]
    [InlineData("#!\n", "the first line of '/opt/script' names no interpreter after '#!'")]
    [InlineData("echo hello\n", "'/opt/script' is neither an ELF executable nor a script that begins with '#!'")]
    [InlineData("", "'/opt/script' is empty")]
    public void A_script_that_cannot_be_executed(string content, string reason)
    {
        Install("/opt/script", System.Text.Encoding.UTF8.GetBytes(content));

        string error = ShouldFail("/opt/script");

        Assert.StartsWith("tare-oci: exec: \"/opt/script\": ", error, StringComparison.Ordinal);
        Assert.EndsWith($"({reason})\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_whose_users_may_not_reach_it()
    {
        Install("/opt/directory/program", File.ReadAllBytes("/bin/busybox"));
        File.SetUnixFileMode(At("/opt/directory"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string id = _runtime.NewId();
        Bundle bundle = NewBundle("/opt/directory/program", 1000);

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.StartsWith(
            "tare-oci: exec: \"/opt/directory/program\": permission denied: EACCES",
            run.Errors,
            StringComparison.Ordinal
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/opt/link-to-nowhere")]
    public void A_working_directory_that_is_none(string cwd)
    {
        File.CreateSymbolicLink(At("/opt/link-to-nowhere"), "/nowhere");
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                config["root"]!["path"] = _rootfs;
                config["process"]!["cwd"] = cwd;
            }
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Contains(cwd, Assert.Single(run.Errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    public void Dispose() => _runtime.Dispose();

    private string At(string path) => _rootfs + path;

    private void Install(string path, byte[] content)
    {
        string file = _runtime.Folder.At("content");
        File.WriteAllBytes(file, content);
        Tool.InstallProgram(file, At(path));
    }

    private static byte[] ElfHeader(ushort machine)
    {
        byte[] header = new byte[64];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), machine);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        return header;
    }

    private Bundle NewBundle(string program, int uid = 0) =>
        _runtime.NewBundle(
            [program],
            config =>
            {
                config["root"]!["path"] = _rootfs;
                config["process"]!["user"]!["uid"] = uid;
            }
        );

    private void ShouldFail(string program, string message) =>
        Assert.Equal($"tare-oci: {message}\n", ShouldFail(program));

    // The same line from run, from create or start, and from exec.
    private string ShouldFail(string program)
    {
        Bundle bundle = NewBundle(program);
        string id = _runtime.NewId();
        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);

        RunningTool create = _runtime.Start("create", "--bundle", bundle.Path, id);
        if (create.WaitForExit() == 0)
        {
            ToolResult start = _runtime.Do("start", id).ShouldExitWith(1);
            Assert.Equal(run.Errors, start.Errors);
            _runtime.Do("delete", id).ShouldSucceed();
        }
        else
        {
            Assert.Equal(run.Errors, create.Wait().Errors);
        }

        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);

        Assert.Equal(0, _runtime.Start("create", "--bundle", NewBundle("sh").Path, id).WaitForExit());
        ToolResult exec = _runtime.Do("exec", id, program).ShouldExitWith(255);
        Assert.Equal(run.Errors, exec.Errors);
        _runtime.Do("delete", id).ShouldSucceed();
        return run.Errors;
    }
}
