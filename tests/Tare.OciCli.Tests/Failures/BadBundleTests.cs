using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Bundles that cannot be run: one line says why, and nothing is left behind.</summary>
public sealed class BadBundleTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly string _id;

    public BadBundleTests() => _id = _runtime.NewId();

    private string Config => _runtime.Folder.At("config.json");

    [Fact]
    public void A_configuration_that_is_missing() =>
        ShouldFail($"open '{Config}': ENOENT (make one with 'tare-oci spec', or name the bundle's directory)");

    [Fact]
    public void A_bundle_that_is_missing() =>
        ShouldFail(
            "open '/nowhere/config.json': ENOENT (make one with 'tare-oci spec', or name the bundle's directory)",
            "/nowhere"
        );

    [Fact]
    public void A_configuration_that_is_a_directory()
    {
        Directory.CreateDirectory(Config);

        ShouldFail($"read '{Config}': EINVAL (it is not a regular file)");
    }

    [Fact]
    public void A_configuration_that_is_a_fifo_on_which_nobody_writes()
    {
        Tool.Run("mkfifo", Config).ShouldSucceed();

        ShouldFail($"read '{Config}': EINVAL (it is not a regular file)");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("\0\u0001\u0002")]
    [InlineData("{\"ociVersion\":\"1.0.0\",}")]
    [InlineData("{\"ociVersion\":\"1.0.0\" // comment\n}")]
    public void A_configuration_that_is_not_json(string content)
    {
        _runtime.Folder.Write("config.json", content);

        Assert.StartsWith("tare-oci: config.json", ShouldFail(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void A_configuration_that_is_nested_deeply(char open, char close)
    {
        const int Depth = 100_000;
        string nested =
            open == '['
                ? new string(open, Depth) + new string(close, Depth)
                : string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "1" + new string(close, Depth);
        _runtime.Folder.Write("config.json", "{\"ociVersion\":\"1.0.0\",\"annotations\":{\"a\":" + nested + "}}");

        Assert.Contains("config.json", ShouldFail(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_of_100_megabytes()
    {
        using (FileStream file = File.Create(Config))
        {
            file.SetLength(100_000_000);
        }

        Assert.StartsWith("tare-oci: config.json: ", ShouldFail(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2.0.0")]
    [InlineData("10.1.0-rc.1")]
    public void A_configuration_of_a_newer_major_version(string version)
    {
        WriteConfig(config => config["ociVersion"] = version);

        string error = ShouldFail();

        Assert.Contains("ociVersion", error, StringComparison.Ordinal);
        Assert.Contains(version, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_of_a_newer_minor_version_runs()
    {
        WriteConfig(config => config["ociVersion"] = "1.99.0");

        _runtime.Do("run", "--bundle", _runtime.Folder.Path, _id).ShouldSucceed();
    }

    [Theory]
    [InlineData("process.args", "\"true\"")]
    [InlineData("process.args", "[1]")]
    [InlineData("process.args", "[]")]
    [InlineData("process.user.uid", "\"root\"")]
    [InlineData("process.user.uid", "-1")]
    [InlineData("process.user.uid", "4294967296")]
    [InlineData("process.cwd", "1")]
    [InlineData("process.terminal", "\"yes\"")]
    [InlineData("root.path", "[]")]
    [InlineData("root.readonly", "1")]
    [InlineData("mounts", "{}")]
    [InlineData("hostname", "{}")]
    [InlineData("linux", "[]")]
    [InlineData("linux.namespaces", "\"pid\"")]
    [InlineData("linux.resources.memory", "12")]
    [InlineData("linux.maskedPaths", "[7]")]
    [InlineData("annotations", "[\"a\"]")]
    public void A_property_of_the_wrong_type(string property, string value)
    {
        WriteConfig(config =>
        {
            string[] names = property.Split('.');
            JsonNode owner = config;
            foreach (string name in names[..^1])
            {
                owner = owner[name]!;
            }

            owner[names[^1]] = JsonNode.Parse(value);
        });

        Assert.Contains(property, ShouldFail(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("process.commandLine", "\"cmd.exe\"", "process.commandLine")]
    public void A_property_that_is_not_supported_yet_is_named(string property, string value, string named)
    {
        WriteConfig(config =>
        {
            string[] names = property.Split('.');
            JsonNode owner = config;
            foreach (string name in names[..^1])
            {
                owner = owner[name]!;
            }

            owner[names[^1]] = JsonNode.Parse(value);
        });

        string error = ShouldFail();

        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Contains("is not supported yet", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "process",
        "apparmorProfile",
        "apparmor profile 'tight' is specified in config, but apparmor is disabled"
    )]
    [InlineData("process", "selinuxLabel", "selinux label is specified in config, but selinux is disabled")]
    [InlineData("linux", "mountLabel", "selinux label is specified in config, but selinux is disabled")]
    public void A_label_of_a_security_module_that_this_machine_has_not(string part, string property, string error)
    {
        Assert.SkipWhen(Tare.Linux.SecurityModules.HasAppArmor || Tare.Linux.SecurityModules.HasSelinux, "has one");
        WriteConfig(config => config[part]![property] = "tight");

        Assert.Contains($"{part}.{property}: {error}", ShouldFail(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_root_file_system_that_is_missing()
    {
        WriteConfig(config => config["root"]!["path"] = "nowhere");

        ShouldFail(
            $"root.path: '{_runtime.Folder.At("nowhere")}' does not exist: ENOENT (unpack a root file system there)"
        );
    }

    [Fact]
    public void A_root_file_system_that_is_a_file()
    {
        _runtime.Folder.Write("file", "");
        WriteConfig(config => config["root"]!["path"] = "file");

        ShouldFail($"root.path: '{_runtime.Folder.At("file")}' is not a directory: ENOTDIR (name a directory)");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("nowhere")]
    public void A_root_file_system_that_is_a_symlink(string target)
    {
        File.CreateSymbolicLink(_runtime.Folder.At("link"), target);
        WriteConfig(config => config["root"]!["path"] = "link");

        ShouldFail($"root.path: '{_runtime.Folder.At("link")}' is a symlink (name the directory itself)");
    }

    [Fact]
    public void A_root_file_system_that_is_not_named()
    {
        WriteConfig(config => config.Remove("root"));

        ShouldFail("root: is missing (name the root file system's directory in root.path)");
    }

    [Fact]
    public void A_source_of_a_bind_mount_that_is_missing()
    {
        WriteConfig(config => ConfigMounts.Add(config, "/tmp", "bind", "/nowhere", "bind"));

        ShouldFail("pick the host's '/nowhere': ENOENT (no such file or directory: the source of a mount)");
    }

    // Docker looks for "not a directory".
    [Theory]
    [InlineData("/etc", "/bin/busybox")]
    [InlineData("/etc/passwd", "/tmp")]
    public void A_directory_on_a_file_or_a_file_on_a_directory(string source, string destination)
    {
        WriteConfig(config => ConfigMounts.Add(config, destination, "bind", source, "bind"));

        ShouldFail(
            $"bind '{source}' on '{destination}': EINVAL (not a directory: both must be directories, or neither)"
        );
    }

    [Fact]
    public void A_file_system_on_a_file()
    {
        WriteConfig(config => ConfigMounts.Add(config, "/bin/busybox", "tmpfs", "tmpfs"));

        ShouldFail("open '/bin/busybox': ENOTDIR (not a directory)");
    }

    [Fact]
    public void A_file_system_that_the_kernel_does_not_have()
    {
        WriteConfig(config => ConfigMounts.Add(config, "/tmp", "no-such-fs", "none"));

        Assert.Contains("no-such-fs", ShouldFail(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "container id cannot be empty")]
    [InlineData("a/b", "invalid container id 'a/b' (use letters, digits, '_', '+', '-' and '.')")]
    [InlineData("../x", "invalid container id '../x' (use letters, digits, '_', '+', '-' and '.')")]
    [InlineData("..", "invalid container id '..' (use letters, digits, '_', '+', '-' and '.')")]
    [InlineData("a\nb", "invalid container id 'a\\u{a}b' (use letters, digits, '_', '+', '-' and '.')")]
    [InlineData("ä", "invalid container id 'ä' (use letters, digits, '_', '+', '-' and '.')")]
    public void An_id_that_is_none(string id, string message)
    {
        WriteConfig();

        foreach (string command in (string[])["create", "run"])
        {
            ToolResult result = _runtime.Do(command, "--bundle", _runtime.Folder.Path, id).ShouldExitWith(1);
            Assert.Equal($"tare-oci: {message}\n", result.Errors);
        }

        Assert.Equal($"tare-oci: {message}\n", _runtime.Do("delete", "--force", id).ShouldExitWith(1).Errors);
        Traces.ShouldBeNone(_runtime.Root, _runtime.Folder.Path);
    }

    [Fact]
    public void An_id_that_is_too_long()
    {
        WriteConfig();

        ToolResult run = _runtime.Do("run", "--bundle", _runtime.Folder.Path, new string('a', 256)).ShouldExitWith(1);

        Assert.Equal("tare-oci: container id is longer than 255 characters\n", run.Errors);
    }

    [Fact]
    public void An_id_that_exists()
    {
        OciContainer container = _runtime.Create();
        WriteConfig();

        foreach (string command in (string[])["create", "run"])
        {
            Assert.Equal(
                $"tare-oci: container with id '{container.Id}' already exists (delete it, or choose another id)\n",
                _runtime.Do(command, "--bundle", _runtime.Folder.Path, container.Id).ShouldExitWith(1).Errors
            );
        }

        Assert.Equal("created", container.Status);
    }

    [Fact]
    public void A_state_directory_that_cannot_be_made()
    {
        WriteConfig();
        _runtime.Folder.Write("file", "");

        ToolResult run = Tool.Run(
                OciRuntime.Program,
                "--root",
                _runtime.Folder.At("file", "state"),
                "run",
                "--bundle",
                _runtime.Folder.Path,
                _id
            )
            .ShouldExitWith(1);

        Assert.StartsWith("tare-oci: ", Assert.Single(run.Errors.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.Contains("ENOTDIR", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _runtime.Dispose();

    private void WriteConfig(Action<JsonObject>? edit = null)
    {
        Bundle bundle = _runtime.NewBundle(["true"], edit);
        File.Copy(Path.Combine(bundle.Path, "config.json"), Config);
    }

    private void ShouldFail(string message, string? bundle = null) =>
        Assert.Equal($"tare-oci: {message}\n", ShouldFail(bundle));

    private string ShouldFail(string? bundle = null)
    {
        string errors = "";
        foreach (string command in (string[])["create", "run"])
        {
            ToolResult result = _runtime.Do(command, "--bundle", bundle ?? _runtime.Folder.Path, _id).ShouldExitWith(1);
            Assert.Empty(result.Output);
            Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
            errors = result.Errors;
        }

        Traces.ShouldBeNone(_runtime.Root, _id);
        return errors;
    }
}
