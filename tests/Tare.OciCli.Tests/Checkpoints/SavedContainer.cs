using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>A container that counts the lines that it reads, and what it takes to save and restore it.</summary>
internal sealed class SavedContainer
{
    /// <summary>Answers each line with how many there were: what it counts is in its memory alone.</summary>
    public const string Counting = "i=0; echo ready; while read -r line; do i=$((i+1)); echo \"$line is $i\"; done";

    private readonly OciRuntime _runtime;

    public SavedContainer(
        OciRuntime runtime,
        Action<JsonObject>? edit = null,
        string script = Counting,
        string[]? options = null
    )
    {
        Criu.Require();
        _runtime = runtime;
        Container = runtime.Create(["sh", "-c", script], edit, options);
        Container.Start();
        Now = Container.Creation;
    }

    /// <summary>The container as it was first.</summary>
    public OciContainer Container { get; }

    /// <summary>The command whose standard streams are the container's now.</summary>
    public RunningTool Now { get; private set; }

    /// <summary>Where it is saved.</summary>
    public string Images => _runtime.Folder.At("images");

    /// <summary>Sends it a line and waits for the answer.</summary>
    public void ShouldCount(string line, int number)
    {
        Now.Input.Write($"{line}\n");
        Now.WaitForText($"{line} is {number}\n");
    }

    /// <summary>Saves it.</summary>
    public ToolResult Checkpoint(params string[] options) =>
        Container.DoWith("checkpoint", ["--image-path", Images, .. options]);

    /// <summary>Restores it in the background; it has this command's standard streams, which only its failure closes.</summary>
    public ToolResult Restore(params string[] options)
    {
        StartRestore(["--detach", .. options]);
        int status = Now.WaitForExit();
        return status == 0 ? new ToolResult("restore", status, Now.Output, Now.Errors) : Now.Wait();
    }

    /// <summary>Begins to restore it.</summary>
    public RunningTool StartRestore(params string[] options) =>
        Now = _runtime.Start([
            "restore",
            "--image-path",
            Images,
            "--bundle",
            Container.Bundle.Path,
            .. options,
            Container.Id,
        ]);
}
