using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

public sealed class CreateTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_created_container_has_everything_but_its_program()
    {
        OciContainer container = _runtime.Create(["sh", "-c", "echo the program runs"]);

        Assert.Equal("created", container.Status);
        Assert.Equal("", container.Creation.Output);
        Assert.NotEqual(
            File.ResolveLinkTarget("/proc/self/ns/mnt", false)!.Name,
            File.ResolveLinkTarget($"/proc/{container.ProcessId}/ns/mnt", false)!.Name
        );
        container.Start();
        container.Creation.WaitForText("the program runs");
    }

    [Theory]
    [InlineData("--bundle", "{0}")]
    [InlineData("-b", "{0}")]
    [InlineData("-bundle={0}")]
    public void The_bundle_is_named_by_an_option(params string[] option)
    {
        Bundle bundle = _runtime.NewBundle(["true"]);
        string id = _runtime.NewId();

        _runtime
            .Do(["run", .. option.Select(word => string.Format(CultureInfo.InvariantCulture, word, bundle.Path)), id])
            .ShouldSucceed();
    }

    [Theory]
    [InlineData()]
    [InlineData("--bundle", ".")]
    [InlineData("--bundle", "../{0}/")]
    public void A_bundle_is_the_working_directory_or_relative_to_it(params string[] option)
    {
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"]);
        string id = _runtime.NewId();
        string name = Path.GetFileName(bundle.Path);

        RunningTool create = _runtime.Start(
            ["create", .. option.Select(word => string.Format(CultureInfo.InvariantCulture, word, name)), id],
            new ToolOptions { WorkingDirectory = bundle.Path }
        );

        Assert.Equal(0, create.WaitForExit());
        Assert.Equal(bundle.Path, (string?)JsonNode.Parse(_runtime.Do("state", id).Output)!["bundle"]);
    }

    [Fact]
    public void The_pid_file_has_the_number_and_nothing_else()
    {
        string file = _runtime.Folder.At("pid");
        OciContainer container = _runtime.Create(options: ["--pid-file", file]);

        Assert.Equal(container.ProcessId.ToString(CultureInfo.InvariantCulture), File.ReadAllText(file));
        Assert.Equal(
            ["pid", "state"],
            Directory.GetFileSystemEntries(_runtime.Folder.Path).Select(Path.GetFileName).Order()
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(file)
        );
    }

    [Fact]
    public void The_pid_file_is_never_seen_half_written()
    {
        using FileFd watch = Inotify.Create(nonBlocking: true).OrThrow("watch");
        Inotify
            .AddWatch(watch, _runtime.Folder.Path, InotifyFlags.IN_CREATE | InotifyFlags.IN_MOVED_TO)
            .OrThrow("watch");

        _runtime.Create(options: ["--pid-file", _runtime.Folder.At("pid")]);

        Assert.Equal(
            [(InotifyFlags.IN_CREATE, ".pid"), (InotifyFlags.IN_MOVED_TO, "pid")],
            Inotify
                .Read(watch)
                .OrThrow("read")
                .Where(change => change.Name.ToString().EndsWith("pid", StringComparison.Ordinal))
                .Select(change => (change.Events, change.Name.ToString()))
        );
    }

    [Fact]
    public void A_pid_file_replaces_an_older_one_and_may_be_relative()
    {
        string id = _runtime.NewId();
        _runtime.Folder.Write("pid", "an older and longer content");

        _runtime
            .Shell(
                "cd \"$1\" && oci create --bundle \"$2\" --pid-file pid \"$3\" </dev/null &>/dev/null",
                _runtime.Folder.Path,
                _runtime.NewBundle(["true"]).Path,
                id
            )
            .ShouldSucceed();

        Assert.Matches("^[0-9]+$", File.ReadAllText(_runtime.Folder.At("pid")));
    }

    [Fact]
    public void Where_the_pid_file_cannot_be_written_there_is_no_container()
    {
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"]);
        string id = _runtime.NewId();

        ToolResult create = _runtime
            .Do("create", "--bundle", bundle.Path, "--pid-file", "/nowhere/pid", id)
            .ShouldExitWith(1);

        Assert.Equal("tare-oci: create the pid file '/nowhere/.pid': ENOENT\n", create.Errors);
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void The_bundle_is_read_once_and_may_change_afterwards()
    {
        OciContainer container = _runtime.Create(["echo", "as created"]);
        File.Delete(Path.Combine(container.Bundle.Path, "config.json"));

        container.Start();

        container.Creation.WaitForText("as created");
    }

    [Fact]
    public void Without_pivot_root_the_container_has_its_root_all_the_same()
    {
        string[] lines = _runtime
            .Do(
                "run",
                "--no-pivot",
                "--bundle",
                _runtime.NewBundle(["sh", "-c", "ls /; grep -c ' / ' /proc/self/mountinfo"]).Path,
                _runtime.NewId()
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["bin", "dev", "etc", "proc", "root", "run", "sys", "tmp", "var"], lines[..^1]);
    }

    [Fact]
    public void A_container_has_a_session_keyring_of_its_own_unless_the_callers_is_to_be_kept()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["cat", "/proc/keys"],
            config => config["linux"]!["maskedPaths"]!.AsArray().Clear()
        );

        ToolResult own = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldSucceed();
        string other = _runtime.NewId();
        ToolResult kept = _runtime.Do("run", "--bundle", bundle.Path, "--no-new-keyring", other).ShouldSucceed();

        Assert.Contains($"_ses.{id}", own.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"_ses.{other}", kept.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--config")]
    [InlineData("-f")]
    public void Another_configuration_than_the_bundles_may_be_named(string option)
    {
        Tare.Fixtures.Bundle bundle = _runtime.NewBundle(["echo", "other"]);
        string file = _runtime.Folder.At("other.json");
        File.Move(Path.Combine(bundle.Path, "config.json"), file);

        Assert.Equal(
            ["other"],
            _runtime.Do("run", option, file, "--bundle", bundle.Path, _runtime.NewId()).ShouldSucceed().Lines
        );
        Assert.Contains(
            "open '/nowhere.json': ENOENT (name a file like a bundle's config.json)",
            _runtime.Do("create", option, "/nowhere.json", _runtime.NewId()).ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _runtime.Dispose();
}
