using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>A container that was created; the runtime that it is made by deletes it.</summary>
internal sealed class OciContainer
{
    private readonly OciRuntime _runtime;

    internal OciContainer(OciRuntime runtime, Bundle bundle, string[] options)
    {
        _runtime = runtime;
        Bundle = bundle;
        Id = runtime.NewId();
        Creation = runtime.Start(["create", "--bundle", bundle.Path, .. options, Id]);
        int status = Creation.WaitForExit();
        Assert.True(status == 0, $"create exited with {status}:\n{Creation.Errors}");
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>What it was made of.</summary>
    public Bundle Bundle { get; }

    /// <summary>The command that created it, whose standard streams are the container's.</summary>
    public RunningTool Creation { get; }

    /// <summary>What <c>state</c> says about it.</summary>
    public JsonNode State => JsonNode.Parse(Do("state").ShouldSucceed().Output)!;

    /// <summary>Where it is in its life.</summary>
    public string Status => (string)State["status"]!;

    /// <summary>Its first process's number on this machine.</summary>
    public int ProcessId => (int)State["pid"]!;

    /// <summary>Runs a command of the runtime on it.</summary>
    public ToolResult Do(string command, params string[] arguments) => _runtime.Do([command, Id, .. arguments]);

    /// <summary>Runs a command of the runtime on it, with options before its id.</summary>
    public ToolResult DoWith(string command, params string[] options) => _runtime.Do([command, .. options, Id]);

    /// <summary>Runs a program in it.</summary>
    public ToolResult Exec(params string[] arguments) => _runtime.Do(["exec", Id, .. arguments]);

    /// <summary>Starts it.</summary>
    public OciContainer Start()
    {
        Do("start").ShouldSucceed();
        return this;
    }

    /// <summary>Kills its first process and waits until that is gone.</summary>
    public OciContainer Stop()
    {
        using Ending ending = Ending.Of(ProcessId);
        Do("kill", "KILL").ShouldSucceed();
        ending.Wait();
        return this;
    }
}
