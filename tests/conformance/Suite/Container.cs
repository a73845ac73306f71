using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Conformance.Suite;

/// <summary>A container that was created.</summary>
internal sealed class Container(Site site, string id, string bundle, RunningTool creation)
{
    /// <summary>Its name.</summary>
    public string Id => id;

    /// <summary>What it was made of.</summary>
    public string Bundle => bundle;

    /// <summary>The command that created it, whose standard streams are the container's.</summary>
    public RunningTool Creation => creation;

    /// <summary>What <c>state</c> says about it.</summary>
    public JsonNode State => JsonNode.Parse(Do("state").ShouldSucceed().Output)!;

    /// <summary>Where it is in its life.</summary>
    public string Status => (string)State["status"]!;

    /// <summary>Its first process's number on this machine.</summary>
    public int ProcessId => (int)State["pid"]!;

    /// <summary>Runs a command of the runtime on it.</summary>
    public ToolResult Do(string command, params string[] arguments) => site.Do([command, id, .. arguments]);

    /// <summary>Runs a command of the runtime on it, with options before its id.</summary>
    public ToolResult DoWith(string command, params string[] options) => site.Do([command, .. options, id]);

    /// <summary>Runs a line of shell in it.</summary>
    public ToolResult Exec(string script, params string[] options) =>
        site.Do(["exec", .. options, id, "sh", "-c", script]);

    /// <summary>Starts it.</summary>
    public Container Start()
    {
        Do("start").ShouldSucceed();
        return this;
    }

    /// <summary>Waits until the program has written a text.</summary>
    public Container WaitFor(string text)
    {
        creation.WaitForText(text, Site.Longest);
        return this;
    }

    /// <summary>Does something that ends the first process, and waits until that is gone.</summary>
    public Container WaitForEndAfter(Action deed)
    {
        using PidFd process = PidFds.Open(ProcessId).OrThrow("open the process of", id);
        deed();
        Assert.NotEqual(PollEvents.None, Poll.Wait(process, PollEvents.POLLIN, Site.Longest).Value);
        return this;
    }

    /// <summary>Kills its first process and waits until that is gone.</summary>
    public Container Stop() => WaitForEndAfter(() => Do("kill", "KILL").ShouldSucceed());

    /// <summary>A file about its first process, as the machine's /proc has it.</summary>
    public string Proc(string name) => File.ReadAllText($"/proc/{ProcessId}/{name}");

    /// <summary>What a link about its first process leads to, as the machine's /proc has it.</summary>
    public string Link(string name) => new FileInfo($"/proc/{ProcessId}/{name}").LinkTarget!;
}
