using System.Text.Json;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>What <c>events</c> prints. Pure cgroup v2 is in tests/Tare.Vm.Tests.</summary>
public sealed class EventsTests : IDisposable
{
    private const long Limit = 32 << 20;
    private const string Needs = "dd if=/dev/zero of=/dev/null bs=128M count=1";
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void The_statistics_have_the_names_the_order_and_the_types_of_runcs()
    {
        string runc = Require.Program("runc");
        OciContainer container = _runtime.Create(edit: WithMemoryLimit).Start();
        JsonNode own = Statistics(container);
        string root = _runtime.Folder.At("runc");
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"], WithMemoryLimit);
        JsonNode theirs;
        try
        {
            // The container has the command's outputs.
            using RunningTool creation = Tool.Start(runc, "--root", root, "create", "--bundle", bundle.Path, id);
            Assert.Equal(0, creation.WaitForExit());
            theirs = JsonNode.Parse(Tool.Run(runc, "--root", root, "events", "--stats", id).ShouldSucceed().Output)!;
        }
        finally
        {
            Tool.Run(runc, "--root", root, "delete", "--force", id);
        }

        Assert.Equal(Shape(theirs["data"]!), Shape(own));
    }

    [Fact]
    public void What_is_counted_is_what_the_kernel_says()
    {
        OciContainer container = _runtime.Create(edit: WithMemoryLimit).Start();
        container.Do("pause").ShouldSucceed();

        JsonNode statistics = Statistics(container);

        Assert.Equal(Limit, (long)statistics["memory"]!["usage"]!["limit"]!);
        Assert.Equal(20, (int)statistics["pids"]!["limit"]!);
        Assert.Equal(1, (int)statistics["pids"]!["current"]!);
        if (File.Exists("/sys/fs/cgroup/cgroup.controllers"))
        {
            return;
        }

        Assert.Equal(
            (long)statistics["cpu"]!["usage"]!["total"]!,
            statistics["cpu"]!["usage"]!["percpu"]!.AsArray().Sum(time => (long)time!)
        );
        string memory = $"/sys/fs/cgroup/memory{CgroupOf(container, "memory")}";
        Assert.Equal(
            File.ReadLines($"{memory}/memory.stat").Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal),
            statistics["memory"]!["raw"]!.AsObject().Select(entry => entry.Key)
        );
        Assert.Equal(
            File.ReadAllText($"/sys/fs/cgroup/cpuacct{CgroupOf(container, "cpuacct")}/cpuacct.usage").Trim(),
            statistics["cpu"]!["usage"]!["total"]!.ToJsonString()
        );
    }

    [Fact]
    public void Statistics_are_printed_again_and_again_until_the_container_ends()
    {
        OciContainer container = _runtime.Create().Start();

        RunningTool events = _runtime.Start("events", "--interval", "20ms", container.Id);
        events.WaitForText("\"stats\"");
        int first = events.Output.Length;
        events.WaitForText(events.Output + "{\"type\":\"stats\",\"id\":\"" + container.Id);
        container.Stop();

        ToolResult all = events.Wait().ShouldSucceed();
        Assert.True(all.Output.Length > first);
        Assert.All(all.Lines, line => Assert.Equal(container.Id, (string?)JsonNode.Parse(line)!["id"]));
    }

    [Fact]
    public void A_program_that_is_killed_for_memory_is_told()
    {
        OciContainer container = _runtime.Create(edit: WithMemoryLimit).Start();
        RunningTool events = Follow(container);

        container.Exec(Needs.Split(' ')).ShouldExitWith(137);

        events.WaitForText($"{{\"type\":\"oom\",\"id\":\"{container.Id}\"}}\n");
        container.Stop();
        events.Wait().ShouldSucceed();
    }

    [Fact]
    public void A_container_that_ends_for_memory_is_told_before_its_end()
    {
        OciContainer container = _runtime.Create(["sh", "-c", $"read go; exec {Needs}"], WithMemoryLimit).Start();
        RunningTool events = Follow(container);

        container.Creation.Input.Write("\n");

        ToolResult told = events.Wait().ShouldSucceed();
        Assert.Contains($"{{\"type\":\"oom\",\"id\":\"{container.Id}\"}}", told.Lines);
    }

    [Fact]
    public void A_container_that_is_deleted_has_not_used_its_memory_up()
    {
        OciContainer container = _runtime.Create(edit: WithMemoryLimit).Start();
        RunningTool events = Follow(container);

        container.Do("delete", "--force").ShouldSucceed();

        ToolResult told = events.Wait().ShouldSucceed();
        Assert.All(told.Lines, line => Assert.Equal("stats", (string?)JsonNode.Parse(line)!["type"]));
    }

    [Fact]
    public void A_container_that_has_ended_uses_nothing()
    {
        OciContainer container = _runtime.Create().Start().Stop();

        Assert.Equal(
            "tare-oci: container not running\n",
            container.DoWith("events", "--stats").ShouldExitWith(1).Errors
        );
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0ms")]
    [InlineData("5")]
    [InlineData("-1s")]
    [InlineData("soon")]
    public void A_time_between_prints_that_is_none_is_refused(string interval)
    {
        OciContainer container = _runtime.Create();

        Assert.Contains(
            "--interval",
            container.DoWith("events", $"--interval={interval}").ShouldExitWith(1).Errors,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _runtime.Dispose();

    private static void WithMemoryLimit(JsonObject config)
    {
        config["linux"]!["resources"]!["memory"] = new JsonObject { ["limit"] = Limit, ["swap"] = Limit };
        config["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 20 };
    }

    // It listens before it prints for the first time.
    private RunningTool Follow(OciContainer container)
    {
        RunningTool events = _runtime.Start("events", "--interval", "100ms", container.Id);
        events.WaitForText("\"stats\"");
        return events;
    }

    private static JsonNode Statistics(OciContainer container)
    {
        JsonNode line = JsonNode.Parse(container.DoWith("events", "--stats").ShouldSucceed().Output)!;
        Assert.Equal("stats", (string?)line["type"]);
        Assert.Equal(container.Id, (string?)line["id"]);
        return line["data"]!;
    }

    private static string CgroupOf(OciContainer container, string controller) =>
        File.ReadLines($"/proc/{container.ProcessId}/cgroup")
            .Select(line => line.Split(':', 3))
            .Single(parts => parts[1].Split(',').Contains(controller))[2];

    /// <summary>
    /// Every name with the type of what it names, in order. Older versions of runc know no pressure, and whether a number is
    /// zero, and so left out, a device has been used, or the v2 hierarchy beside v1 has huge pages, is chance.
    /// </summary>
    private static string Shape(JsonNode node) =>
        node switch
        {
            JsonObject all => "{"
                + string.Join(
                    ' ',
                    all.Where(entry =>
                            entry.Key
                                is not (
                                    "psi"
                                    or "usage"
                                    or "max"
                                    or "cache"
                                    or "current"
                                    or "blkio"
                                    or "raw"
                                    or "total"
                                )
                            || entry is { Key: "usage", Value: JsonObject }
                        )
                        .Select(entry =>
                            entry.Key == "hugetlb" ? "hugetlb"
                            : entry.Value is { } value ? $"{entry.Key}={Shape(value)}"
                            : $"{entry.Key}=null"
                        )
                )
                + "}",
            JsonArray => "[]",
            JsonValue value => value.GetValueKind() == JsonValueKind.Number ? "number" : value.ToJsonString(),
            _ => throw new ArgumentException("another kind of node", nameof(node)),
        };
}
