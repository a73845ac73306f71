using System.Globalization;
using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary><c>info</c> says what the machine says of itself.</summary>
public sealed class InfoTests
{
    private readonly JsonNode _info = JsonNode.Parse(
        Tool.Run(OciRuntime.Program, "info", "--json").ShouldSucceed().Output
    )!;

    [Fact]
    public void The_kernel_and_the_user_are_those_of_the_machine()
    {
        Assert.Equal(Tool.Run("uname", "-r").Lines[0], (string?)_info["kernel"]);
        Assert.Equal(Tool.Run("uname", "-v").Lines[0], (string?)_info["kernelBuild"]);
        Assert.Equal(Tool.Run("id", "-u").Lines[0], $"{(uint)_info["uid"]!}");
        Assert.StartsWith(
            $"tare-oci version {_info["version"]}\ncommit: {_info["commit"]}\nspec: {_info["ociVersion"]}\n",
            Tool.Run(OciRuntime.Program, "--version").Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_mounted_hierarchy_is_told_with_its_controllers()
    {
        string[] mounted = Tool.Run(
            "sh",
            "-c",
            "awk '{ for (i = 1; $i != \"-\"; i++); if ($(i + 1) ~ /^cgroup2?$/) print $5 }' /proc/self/mountinfo"
        ).Lines;
        JsonArray hierarchies = _info["cgroups"]!["hierarchies"]!.AsArray();

        Assert.NotEmpty(hierarchies);
        Assert.All(hierarchies, hierarchy => Assert.Contains((string)hierarchy!["mountPoint"]!, mounted));
        string[] controllers =
        [
            .. hierarchies.SelectMany(hierarchy => Words(hierarchy!["controllers"])).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(controllers.Distinct(), controllers);
        Assert.Equal(
            File.ReadLines("/proc/cgroups").Skip(1).Select(line => line.Split('\t')).Where(IsMounted).Select(Name),
            File.ReadLines("/proc/cgroups").Skip(1).Select(line => line.Split('\t')[0]).Where(controllers.Contains)
        );

        static string Name(string[] fields) => fields[0];

        // Of hierarchy zero are those of v2, and those that are nowhere.
        bool IsMounted(string[] fields) => fields[1] != "0" || controllers.Contains(fields[0]);
    }

    [Fact]
    public void Namespaces_security_modules_and_seccomp_are_those_of_the_kernel()
    {
        Assert.Equal(
            Directory
                .GetFileSystemEntries("/proc/self/ns")
                .Select(Path.GetFileName)
                .Where(IsKind)
                .Order(StringComparer.Ordinal),
            Words(_info["namespaces"])
        );
        Assert.Equal(
            Content("/sys/kernel/security/lsm").Split(',', StringSplitOptions.RemoveEmptyEntries),
            Words(_info["securityModules"])
        );
        Assert.Equal(
            Content("/proc/sys/kernel/seccomp/actions_avail").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Words(_info["seccompActions"])
        );
        Assert.Equal(Directory.Exists("/run/systemd/system"), (bool)_info["systemd"]!);

        static bool IsKind(string? name) => !name!.EndsWith("_for_children", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bounding", "CapBnd")]
    [InlineData("permitted", "CapPrm")]
    [InlineData("effective", "CapEff")]
    [InlineData("inheritable", "CapInh")]
    public void Capabilities_are_those_of_the_process(string set, string field)
    {
        string status = File.ReadLines("/proc/self/status")
            .Single(line => line.StartsWith(field, StringComparison.Ordinal));
        ulong bits = ulong.Parse(status.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);

        string[] names = Words(_info["capabilities"]![set]);

        Assert.Equal(ulong.PopCount(bits), (ulong)names.Length);
        Assert.Equal((bits & 1) != 0, names.Contains("CAP_CHOWN"));
        Assert.Equal((bits >> 21 & 1) != 0, names.Contains("CAP_SYS_ADMIN"));
    }

    [Fact]
    public void What_is_missing_says_why_and_what_helps() =>
        Assert.All(
            _info["features"]!.AsArray(),
            feature =>
                Assert.Equal(
                    (bool)feature!["available"]! ? (true, true) : (false, false),
                    (feature["why"] is null, feature["remedy"] is null)
                )
        );

    [Fact]
    public void People_are_told_the_same()
    {
        // There is a cgroup to look in all the time, whoever else makes and removes some meanwhile.
        using OciRuntime runtime = new();
        runtime.Create();
        JsonNode info = JsonNode.Parse(Tool.Run(OciRuntime.Program, "info", "--json").ShouldSucceed().Output)!;
        string[] lines = Tool.Run(OciRuntime.Program, "info").ShouldSucceed().Lines;

        Assert.Contains(
            lines,
            line => line.Split("  ")[0] == "kernel" && line.EndsWith((string)_info["kernel"]!, StringComparison.Ordinal)
        );
        Assert.Contains(
            lines,
            line =>
                line.StartsWith("cgroups ", StringComparison.Ordinal)
                && line.EndsWith((string)_info["cgroups"]!["mode"]!, StringComparison.Ordinal)
        );
        Assert.All(
            info["features"]!.AsArray(),
            feature =>
                Assert.Contains(
                    lines,
                    line =>
                        line.StartsWith((string)feature!["name"]! + "  ", StringComparison.Ordinal)
                        && line.Contains((bool)feature["available"]! ? "  yes" : "  no: ", StringComparison.Ordinal)
                )
        );
    }

    private static string[] Words(JsonNode? words) => [.. words!.AsArray().Select(word => (string)word!)];

    private static string Content(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : "";
}
