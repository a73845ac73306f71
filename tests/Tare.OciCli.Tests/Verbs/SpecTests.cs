using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class SpecTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private string File => _folder.At("config.json");

    [Fact]
    public void A_configuration_is_written_to_the_bundle()
    {
        Tool.Run(OciRuntime.Program, "spec", "--bundle", _folder.Path).ShouldSucceed();

        Assert.Equal("sh", (string?)JsonNode.Parse(System.IO.File.ReadAllText(File))!["process"]!["args"]![0]);
    }

    [Fact]
    public void A_configuration_is_written_to_the_working_directory()
    {
        Tool.Run(OciRuntime.Program, ["spec"], new ToolOptions { WorkingDirectory = _folder.Path }).ShouldSucceed();

        Assert.True(System.IO.File.Exists(File));
    }

    [Fact]
    public void It_differs_from_runcs_by_no_more_than_the_version()
    {
        string runc = Require.Program("runc");
        using TemporaryDirectory other = new();
        foreach (
            string[] option in (string[][])
                [
                    [],
                    ["--rootless"],
                ]
        )
        {
            Tool.Run(runc, ["spec", "--bundle", other.Path, .. option]).ShouldSucceed();
            Tool.Run(OciRuntime.Program, ["spec", "--bundle", _folder.Path, .. option]).ShouldSucceed();

            JsonNode theirs = JsonNode.Parse(System.IO.File.ReadAllText(other.At("config.json")))!;
            JsonNode ours = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
            theirs["ociVersion"] = null;
            ours["ociVersion"] = null;

            Assert.True(JsonNode.DeepEquals(theirs, ours), $"{theirs}\n{ours}");
            System.IO.File.Delete(File);
            System.IO.File.Delete(other.At("config.json"));
        }
    }

    [Fact]
    public void A_configuration_that_is_there_is_not_overwritten()
    {
        _folder.Write("config.json", "mine");

        ToolResult spec = Tool.Run(OciRuntime.Program, "spec", "-b", _folder.Path).ShouldExitWith(1);

        Assert.Equal($"tare-oci: file {File} exists. Remove it first: EEXIST\n", spec.Errors);
        Assert.Equal("mine", System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void A_bundle_that_is_not_there_is_an_error() =>
        Assert.Equal(
            "tare-oci: create '/nowhere/config.json': ENOENT\n",
            Tool.Run(OciRuntime.Program, "spec", "-b", "/nowhere").ShouldExitWith(1).Errors
        );

    [Fact]
    public void What_is_written_can_be_run()
    {
        using OciRuntime runtime = new();
        Tool.Run(OciRuntime.Program, "spec", "--bundle", _folder.Path).ShouldSucceed();
        System.IO.File.WriteAllText(
            File,
            System
                .IO.File.ReadAllText(File)
                .Replace("\"terminal\": true", "\"terminal\": false", StringComparison.Ordinal)
        );
        BusyboxRootfs.Create(_folder.At("rootfs"));

        ToolResult run = runtime.Do(
            ["run", "--bundle", _folder.Path, runtime.NewId()],
            new ToolOptions { Input = "echo hello from $(hostname)\n" }
        );

        Assert.Equal(["hello from runc"], run.ShouldSucceed().Lines);
    }

    public void Dispose() => _folder.Dispose();
}
