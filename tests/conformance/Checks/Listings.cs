using System.Text.Json.Nodes;
using Tare.Conformance.Suite;

namespace Tare.Conformance.Checks;

internal static class Listings
{
    public static Group Group { get; } =
        new(
            "Listings and versions",
            "callers of runc; features.md",
            [
                new(
                    "C-30 P-06",
                    "list --format json has the container, its status, pid and bundle",
                    site =>
                    {
                        Container container = site.Started();
                        JsonArray list = JsonNode
                            .Parse(site.Do("list", "--format", "json").ShouldSucceed().Output)!
                            .AsArray();
                        JsonNode entry = Assert.Single(list)!;
                        Assert.Equal(container.Id, (string?)entry["id"]);
                        Assert.Equal("running", (string?)entry["status"]);
                        Assert.Equal(container.ProcessId, (int)entry["pid"]!);
                        Assert.Equal(container.Bundle, (string?)entry["bundle"]);
                    }
                ),
                new(
                    "C-30",
                    "list --quiet is a name a line",
                    site =>
                    {
                        string[] ids = [site.Create().Id, site.Create().Id];
                        Assert.Equal(
                            ids.Order(StringComparer.Ordinal),
                            site.Do("list", "--quiet").ShouldSucceed().Lines.Order(StringComparer.Ordinal)
                        );
                    }
                ),
                new(
                    "C-30",
                    "list names each container in its table",
                    site =>
                    {
                        string id = site.Create().Id;
                        Assert.Contains(site.Do("list").ShouldSucceed().Lines, line => line.Contains(id));
                    }
                ),
                new(
                    "C-31 P-07",
                    "ps --format json is the processes' numbers on the machine",
                    site =>
                    {
                        Container container = site.Started("sleep 1000 & echo up; wait").WaitFor("up");
                        JsonArray processes = JsonNode
                            .Parse(container.DoWith("ps", "--format", "json").ShouldSucceed().Output)!
                            .AsArray();
                        Assert.Equal(2, processes.Count);
                        Assert.Contains(processes, process => (int)process! == container.ProcessId);
                    }
                ),
                new(
                    "C-31",
                    "ps shows what ps(1) shows of the container's processes",
                    site =>
                    {
                        Container container = site.Started();
                        string[] lines = container.Do("ps").ShouldSucceed().Lines;
                        Assert.Contains("CMD", lines[0]);
                        Assert.Contains($"{container.ProcessId}", lines[1].Split(' '));
                    }
                ),
                new(
                    "C-08 C-70",
                    "--version begins with the program's name and version, and tells the specification's",
                    site =>
                    {
                        string[] lines = site.Do("--version").ShouldSucceed().Lines;
                        Assert.Matches(@"^\S+ version \d+\.\d+", lines[0]);
                        Assert.Contains(lines, line => line.StartsWith("spec: 1.", StringComparison.Ordinal));
                    }
                ),
                Features("F-01", "tells the versions of the specification", f => Assert.NotNull(f["ociVersionMax"])),
                Features(
                    "F-02",
                    "tells the six kinds of hook",
                    f =>
                        Assert.Equal(
                            ["createContainer", "createRuntime", "poststart", "poststop", "prestart", "startContainer"],
                            f["hooks"]!.AsArray().Select(kind => (string)kind!).Order(StringComparer.Ordinal)
                        )
                ),
                Features(
                    "F-03",
                    "tells options of mounts, recursive ones as well",
                    f =>
                    {
                        string[] options = [.. f["mountOptions"]!.AsArray().Select(option => (string)option!)];
                        Assert.Superset(
                            new HashSet<string> { "ro", "rbind", "nosuid", "noexec", "rro", "rshared" },
                            new HashSet<string>(options)
                        );
                    }
                ),
                Features(
                    "F-04 F-05",
                    "tells namespaces and capabilities",
                    f =>
                    {
                        Assert.Contains(f["linux"]!["namespaces"]!.AsArray(), kind => (string?)kind == "user");
                        Assert.Contains(f["linux"]!["capabilities"]!.AsArray(), cap => (string?)cap == "CAP_CHOWN");
                    }
                ),
                Features(
                    "F-07",
                    "tells what of seccomp there is",
                    f =>
                    {
                        JsonNode seccomp = f["linux"]!["seccomp"]!;
                        Assert.True((bool)seccomp["enabled"]!);
                        Assert.Contains(seccomp["actions"]!.AsArray(), action => (string?)action == "SCMP_ACT_ERRNO");
                        Assert.Contains(seccomp["operators"]!.AsArray(), op => (string?)op == "SCMP_CMP_MASKED_EQ");
                    }
                ),
                new(
                    "C-62",
                    "spec writes a config.json that can be run",
                    site =>
                    {
                        string bundle = Directory.CreateDirectory(site.Folder.At("made")).FullName;
                        site.Do("spec", "--bundle", bundle).ShouldSucceed();
                        string file = Path.Combine(bundle, "config.json");
                        JsonObject config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
                        config.PutText("root.path", SharedRootfs.Path);
                        config.Put("process.terminal", "false").Put("process.args", "[\"echo\",\"from a spec\"]");
                        File.WriteAllText(file, config.ToJsonString());
                        Assert.Equal(
                            ["from a spec"],
                            site.Do("run", "--bundle", bundle, site.NewId()).ShouldSucceed().Lines
                        );
                    }
                ),
                new(
                    "P-02",
                    "--log-format json has an error be an object with level, msg and time",
                    site =>
                    {
                        string log = site.Folder.At("log");
                        site.Do(["--log", log, "--log-format", "json", "state", site.NewId()]);
                        JsonNode entry = JsonNode.Parse(File.ReadAllLines(log)[^1])!;
                        Assert.Equal("error", (string?)entry["level"]);
                        Assert.Contains("does not exist", (string?)entry["msg"]);
                        Assert.True(DateTimeOffset.TryParse((string?)entry["time"], out _));
                    }
                ),
            ]
        );

    private static Check Features(string rows, string requirement, Action<JsonNode> check) =>
        new(
            rows,
            $"features {requirement}",
            site => check(JsonNode.Parse(site.Do("features").ShouldSucceed().Output)!)
        );
}
