using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary>What <c>events</c> prints where there is cgroup v2 alone.</summary>
public abstract class EventClaims(Guest guest)
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void Statistics_are_those_of_the_group_in_the_terms_of_v1()
    {
        string bundle = guest.Bundle(
            ["sleep", "1000"],
            config =>
            {
                config.Limit("memory", ("limit", 64 * Mebibyte), ("swap", 96 * Mebibyte));
                config.Limit("pids", ("limit", 7));
                config.Limit("cpu", ("quota", 20_000), ("period", 50_000), ("cpus", "1"));
                config["linux"]!["resources"]!["hugepageLimits"] = new JsonArray(
                    new JsonObject { ["pageSize"] = "2MB", ["limit"] = 4 * Mebibyte }
                );
            }
        );

        ToolResult told = guest.Run(
            $"""
            tare-oci run --detach --bundle {bundle} stats
            tare-oci pause stats
            tare-oci events --stats stats
            sed -n 's/^usage_usec //p' $groups/stats/cpu.stat
            cut -d' ' -f1 $groups/stats/memory.stat | sort | tr '\n' ' '
            [ -e $groups/stats/cpu.pressure ] && cat $groups/stats/cpu.pressure >/dev/null 2>&1 && echo && echo pressure
            tare-oci resume stats
            """
        );

        string[] lines = told.ShouldSucceed().Lines;
        JsonNode data = JsonNode.Parse(lines[0])!["data"]!;
        Assert.Equal(long.Parse(lines[1]) * 1000, (long)data["cpu"]!["usage"]!["total"]!);
        Assert.Equal(64 * Mebibyte, (long)data["memory"]!["usage"]!["limit"]!);
        Assert.Equal(96 * Mebibyte, (long)data["memory"]!["swap"]!["limit"]!);
        Assert.Equal(7, (int)data["pids"]!["limit"]!);
        Assert.Equal(1, (int)data["pids"]!["current"]!);
        Assert.Equal("[1]", data["cpuset"]!["cpus"]!.ToJsonString());
        Assert.Equal("""{"failcnt":0}""", data["hugetlb"]!["2MB"]!.ToJsonString());
        Assert.Equal(
            lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            data["memory"]!["raw"]!.AsObject().Select(entry => entry.Key)
        );
        Assert.Equal(lines.Contains("pressure"), data["cpu"]!["psi"] is not null);
    }

    [Fact]
    public void Programs_that_are_killed_for_memory_are_told_and_the_end_ends_it()
    {
        string bundle = guest.Bundle(
            ["sh", "-c", "dd if=/dev/zero of=/dev/null bs=128M count=1; read forever </dev/null; sleep 1000"],
            config => config.Limit("memory", ("limit", 64 * Mebibyte))
        );

        // The listener is there before the program: it has printed something.
        ToolResult told = guest.Run(
            $$"""
            tare-oci create --bundle {{bundle}} hungry >/dev/null 2>&1 </dev/null
            mkfifo /tmp/told
            tare-oci events --interval 100ms hungry >/tmp/told &
            exec 3</tmp/told
            read -r first <&3
            tare-oci start hungry
            grep -m1 '"type":"oom"' <&3
            tare-oci kill hungry KILL
            cat <&3 >/dev/null
            wait $!
            echo "ended with $?"
            rm /tmp/told
            """
        );

        Assert.Equal(["""{"type":"oom","id":"hungry"}""", "ended with 0"], told.ShouldSucceed().Lines);
    }
}
