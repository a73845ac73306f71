using Tare.Oci;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Tests.Cgroups;

public sealed class DeviceRulesTests
{
    private static readonly DeviceRuleSpec DenyAll = new() { Allow = false };
    private static readonly DeviceRuleSpec AllowAll = new() { Allow = true };

    [Fact]
    public void Denying_everything_leaves_what_every_container_has()
    {
        IReadOnlyList<DeviceRuleSpec> rules = DeviceRules.Of(new ResourcesSpec { Devices = [DenyAll] });
        Assert.Same(DenyAll, rules[0]);
        Assert.Contains(rules, rule => DeviceRules.Format(rule) == "c 1:3 rwm" && rule.Allow);
        Assert.Contains(rules, rule => DeviceRules.Format(rule) == "c *:* m" && rule.Allow);
        Assert.DoesNotContain(rules, rule => DeviceRules.Format(rule) == "c 10:200 rwm");
    }

    [Fact]
    public void Saying_nothing_is_the_same_as_denying_everything() =>
        Assert.Equal(
            DeviceRules.Of(new ResourcesSpec { Devices = [DenyAll] }).Skip(1).Select(DeviceRules.Format),
            DeviceRules.Of(null).Select(DeviceRules.Format)
        );

    [Fact]
    public void A_rule_about_everything_makes_those_before_it_pointless()
    {
        DeviceRuleSpec disk = new()
        {
            Allow = true,
            Type = DeviceType.Block,
            Major = 8,
            Minor = 0,
            Access = "r",
        };
        Assert.Equal([AllowAll], DeviceRules.Of(new ResourcesSpec { Devices = [disk, DenyAll, AllowAll] }));
    }

    [Fact]
    public void A_rule_is_written_as_version_1_takes_it() =>
        Assert.Equal(
            "b 8:* r",
            DeviceRules.Format(
                new DeviceRuleSpec
                {
                    Allow = true,
                    Type = DeviceType.Block,
                    Major = 8,
                    Access = "r",
                }
            )
        );

    [Theory]
    [InlineData("c 1:* rwm", "c 1:11 rwm", true)]
    [InlineData("c 1:11 rwm", "c 1:* rwm", true)]
    [InlineData("c 1:11 rwm", "a *:* r", true)]
    [InlineData("c 1:11 r", "c *:11 rw", true)]
    [InlineData("c 1:11 rwm", "c 1:11 w", false)]
    [InlineData("c 1:* r", "c 1:11 w", false)]
    [InlineData("c 1:* rwm", "b 1:11 rwm", false)]
    [InlineData("c 1:* rwm", "c 2:* rwm", false)]
    public void A_rule_that_takes_back_a_part_of_another_is_none_for_version_1(
        string first,
        string second,
        bool conflicts
    )
    {
        DeviceRuleSpec allowed = Parse(first) with { Allow = true };
        DeviceRuleSpec denied = Parse(second) with { Allow = false };

        Assert.Equal(conflicts ? denied : null, DeviceRuleConflicts.Find([DenyAll, allowed, denied]));
        Assert.Equal(conflicts ? allowed : null, DeviceRuleConflicts.Find([AllowAll, denied, allowed]));
        Assert.Null(DeviceRuleConflicts.Find([DenyAll, allowed, denied with { Allow = true }]));
        Assert.Null(DeviceRuleConflicts.Find([DenyAll, denied, allowed]));
        Assert.Null(DeviceRuleConflicts.Find([AllowAll, allowed, denied]));
    }

    private static DeviceRuleSpec Parse(string rule)
    {
        string[] fields = rule.Split(' ', ':');
        return new DeviceRuleSpec
        {
            Allow = false,
            Type = fields[0] switch
            {
                "a" => DeviceType.All,
                "b" => DeviceType.Block,
                _ => DeviceType.Character,
            },
            Major = fields[1] == "*" ? null : uint.Parse(fields[1]),
            Minor = fields[2] == "*" ? null : uint.Parse(fields[2]),
            Access = fields[3],
        };
    }
}
