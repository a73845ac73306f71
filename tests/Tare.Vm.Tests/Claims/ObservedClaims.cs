using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Claims;

/// <summary><c>state --observed</c> where there is cgroup v2 alone, and root has every capability.</summary>
public abstract class ObservedClaims(Guest guest)
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public void Limits_and_rights_hold_until_somebody_changes_them()
    {
        string bundle = guest.Bundle(
            ["sleep", "1000"],
            config =>
            {
                config.Limit("memory", ("limit", 64 * Mebibyte), ("swap", 96 * Mebibyte), ("reservation", Mebibyte));
                config.Limit("cpu", ("shares", 512), ("quota", 20_000), ("period", 50_000), ("cpus", "0-1"));
                config.Limit("pids", ("limit", 7));
                config.Permit("CAP_SYS_ADMIN", "CAP_NET_RAW");
            }
        );

        ToolResult told = guest.Run(
            $"""
            tare-oci run --detach --bundle {bundle} observed
            tare-oci state --observed observed >/tmp/before
            echo 9 >$groups/observed/pids.max
            echo max >$groups/observed/memory.swap.max
            tare-oci state --observed observed >/tmp/after
            cat /tmp/before | tr -d '\n'; echo
            cat /tmp/after | tr -d '\n'; echo
            """
        );

        string[] lines = told.ShouldSucceed().Lines;
        JsonNode before = JsonNode.Parse(lines[0])!;
        Assert.Equal("[]", before["differences"]!.ToJsonString());
        Assert.Null(before["observed"]!["unobserved"]);
        Assert.Equal(
            """["CAP_NET_RAW","CAP_SYS_ADMIN"]""",
            before["observed"]!["capabilities"]!["effective"]!.ToJsonString()
        );
        Assert.Equal(
            ["linux.resources.memory.swap", "linux.resources.pids.limit"],
            JsonNode.Parse(lines[1])!["differences"]!
                .AsArray()
                .Select(difference => (string)difference!["property"]!)
                .Order(StringComparer.Ordinal)
        );
    }
}
