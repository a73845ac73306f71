using System.Text;

namespace Tare.Oci.Tests;

/// <summary>What OCI 1.3 defines and the model does not carry is named, unless it asks for nothing.</summary>
public class UnsupportedPropertyTests
{
    /// <summary>A path, and a value that asks for something.</summary>
    public static TheoryData<string, string> Asking =>
        new()
        {
            { "vm", """{"kernel": {"path": "/vmlinuz"}}""" },
            { "windows", """{"layerFolders": ["C:\\layer"]}""" },
            { "solaris", """{"milestone": "svc:/milestone/container:default"}""" },
            { "freebsd", """{"jail": {"vnet": "new"}}""" },
            { "zos", """{"namespaces": [{"type": "pid"}]}""" },
            { "process.commandLine", "\"cmd.exe\"" },
            { "process.user.username", "\"ContainerUser\"" },
        };

    [Theory]
    [MemberData(nameof(Asking))]
    public void It_is_named_when_it_asks_for_something(string path, string value) =>
        Assert.Equal([path], Read(path, value).Unsupported);

    [Theory]
    [MemberData(nameof(Asking))]
    public void It_is_not_named_when_it_asks_for_nothing(string path, string value)
    {
        string[] nothings = value[0] switch
        {
            '{' => ["{}", "null", """{"a": "", "b": 0, "c": [], "d": {"e": {"f": null}, "g": 0.0}, "h": false}"""],
            '[' => ["[]", "null"],
            '"' => ["\"\"", "null"],
            _ => ["0", "-0", "false", "null"],
        };

        foreach (string nothing in nothings)
        {
            Assert.Empty(Read(path, nothing).Unsupported);
        }
    }

    [Fact]
    public void An_array_that_is_not_empty_asks_for_something_whatever_is_in_it()
    {
        Assert.Equal(["vm"], Read("vm", """{"hypervisor": [{}]}""").Unsupported);
        Assert.Equal(["vm"], Read("vm", """{"hypervisor": [[]]}""").Unsupported);
    }

    [Fact]
    public void Reading_goes_on_behind_it()
    {
        RuntimeSpec spec = RuntimeSpecReader.Read(
            """
            {"zos": {"a": [[], [{"b": {}}]]}, "linux": {"cgroupsPath": "/x"}, "vm": {"a": 1}, "ociVersion": "1.2.0"}
            """u8
        );

        Assert.Equal(["zos", "vm"], spec.Unsupported);
        Assert.Equal("/x", spec.Linux!.CgroupsPath);
    }

    [Fact]
    public void A_process_read_alone_names_its_own()
    {
        ProcessSpec process = ProcessDocument.Read(
            """{"cwd": "/", "commandLine": "x", "user": {"username": "y"}}"""u8,
            "p.json"
        );

        Assert.Equal(["commandLine", "user.username"], process.Unsupported);
    }

    [Fact]
    public void A_hook_that_the_specification_does_not_know_is_passed_over() =>
        Assert.Empty(Read("hooks.onTuesday", """[{"path": "/bin/true"}]""").Hooks!.Prestart);

    private static RuntimeSpec Read(string path, string value)
    {
        string[] names = path.Split('.');
        StringBuilder json = new("""{"ociVersion": "1.3.0", """);
        for (int i = 0; i < names.Length; i++)
        {
            bool last = i == names.Length - 1;
            json.Append('"').Append(names[i]).Append("\": ").Append(last ? value : "{");
            if (!last && names[i] == "process")
            {
                json.Append("\"cwd\": \"/\", ");
            }
        }

        return ReadText(json.Append('}', names.Length).ToString());
    }

    private static RuntimeSpec ReadText(string json) => RuntimeSpecReader.Read(Encoding.UTF8.GetBytes(json));
}
