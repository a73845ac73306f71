using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Mounts that are added to containers that run, and taken away.</summary>
public sealed class MountsCommandTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bind_mount_appears_and_goes_again(bool hasUserNamespace)
    {
        OciContainer container = Running(hasUserNamespace);
        string source = Folder("content");
        string file = Document(
            $$"""[{"destination": "/tmp/a/b", "source": "{{source}}", "options": ["bind", "ro"]}]"""
        );

        Mounts("add", container, file).ShouldSucceed();

        Assert.Equal(["content"], container.Exec("cat", "/tmp/a/b/file").ShouldSucceed().Lines);
        Assert.Contains("Read-only", container.Exec("touch", "/tmp/a/b/x").Errors, StringComparison.Ordinal);

        Mounts("remove", container, file).ShouldSucceed();

        Assert.Empty(container.Exec("ls", "/tmp/a/b").ShouldSucceed().Lines);
        Assert.DoesNotContain(source, File.ReadAllText("/proc/self/mountinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_and_a_tmpfs_are_mounted_in_order()
    {
        OciContainer container = Running();
        string source = Path.Combine(Folder("content"), "file");
        string file = Document(
            $$"""
            [{"destination": "/tmp/t", "type": "tmpfs", "source": "tmpfs", "options": ["size=64k", "ro"]},
             {"destination": "/tmp/f", "source": "{{source}}", "options": ["bind"]}]
            """
        );

        Mounts("add", container, file).ShouldSucceed();

        Assert.Equal(["content"], container.Exec("cat", "/tmp/f").ShouldSucceed().Lines);
        Assert.Equal(["tmpfs"], container.Exec("stat", "-f", "-c", "%T", "/tmp/t").ShouldSucceed().Lines);

        Mounts("remove", container, file).ShouldSucceed();

        Assert.Equal("", container.Exec("cat", "/tmp/f").ShouldSucceed().Output);
    }

    [Fact]
    public void All_of_a_list_is_added_or_nothing()
    {
        OciContainer container = Running();
        string before = container.Exec("cat", "/proc/self/mountinfo").Output;
        string file = Document(
            $$"""
            [{"destination": "/tmp/a", "source": "{{Folder("x")}}", "options": ["bind"]},
             {"destination": "/tmp/b", "source": "/nowhere", "options": ["bind"]}]
            """
        );

        Assert.Equal(
            "tare-oci: pick the host's '/nowhere': ENOENT\n",
            Mounts("add", container, file).ShouldExitWith(1).Errors
        );

        Assert.Equal(before, container.Exec("cat", "/proc/self/mountinfo").Output);
    }

    [Fact]
    public void A_symlink_of_the_container_leads_nowhere_else()
    {
        OciContainer container = Running();
        string outside = Folder("outside");
        container.Exec("ln", "-s", outside, "/tmp/link").ShouldSucceed();
        string add = Document($$"""[{"destination": "/tmp/link/in", "source": "{{outside}}", "options": ["bind"]}]""");

        Mounts("add", container, add);

        Assert.False(Directory.Exists(Path.Combine(outside, "in")));
        container.Exec("ln", "-s", "/dev", "/tmp/dev").ShouldSucceed();
        Assert.Contains(
            "open '/tmp/dev/pts': ELOOP",
            Mounts("remove", container, Document("""[{"destination": "/tmp/dev/pts"}]""")).ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "add",
        """[{"destination": "/p", "type": "proc", "source": "proc"}]""",
        "mounts[0].type: 'proc' cannot be"
    )]
    [InlineData(
        "add",
        """[{"destination": "/l", "source": "/l", "options": ["bind", "copy-symlink"]}]""",
        "mounts[0].options: copy-symlink is for a container that is being made (leave it out)"
    )]
    [InlineData("add", """[{"destination": "/"}]""", "mounts[0].destination: is the root itself")]
    [InlineData("remove", """[{"destination": "/"}]""", "mounts[0].destination: is the root itself")]
    [InlineData("remove", """[{"destination": "/tmp/none"}]""", "open '/tmp/none': ENOENT")]
    [InlineData("remove", """[{"destination": "/bin"}]""", "make sure that something is mounted on '/bin': EXDEV")]
    [InlineData("add", """{"mounts": []}""", "expected an array")]
    [InlineData("change", "[]", "unknown command \"mounts change\" (use add or remove)")]
    public void What_cannot_be_is_an_error(string action, string document, string message) =>
        Assert.Contains(
            message,
            Mounts(action, Running(), Document(document)).ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_container_that_has_stopped_takes_none()
    {
        OciContainer container = Running().Stop();

        Assert.Equal(
            "tare-oci: container not running\n",
            Mounts("add", container, Document("[]")).ShouldExitWith(1).Errors
        );
    }

    public void Dispose() => _runtime.Dispose();

    private OciContainer Running(bool hasUserNamespace = false) =>
        _runtime
            .Create(edit: config =>
            {
                ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs");
                if (hasUserNamespace)
                {
                    UserNamespaces.Add(config);
                }
            })
            .Start();

    private ToolResult Mounts(string action, OciContainer container, string file) =>
        _runtime.Do("mounts", action, container.Id, file);

    private string Document(string json) => _runtime.Folder.Write("mounts.json", JsonNode.Parse(json)!.ToJsonString());

    private string Folder(string content)
    {
        string folder = _runtime.Folder.At(content);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "file"), content + "\n");
        return folder;
    }
}
