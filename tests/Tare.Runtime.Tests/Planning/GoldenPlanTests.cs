using Tare.Launch.Printing;

namespace Tare.Runtime.Tests.Planning;

/// <summary>
/// Every call of typical launches, as files to be read: whoever changes a plan sees in the difference what it does to
/// each. Golden/NAME.txt, and NAME.json for two of them.
/// </summary>
public sealed class GoldenPlanTests
{
    public static TheoryData<string> Names => [.. TypicalPlans.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_typical_plan_is_the_one_on_file(string name) =>
        GoldenFile.Compare($"{name}.txt", LaunchPlanText.Format(TypicalPlans.All[name]()));

    [Theory]
    [InlineData("spec")]
    [InlineData("exec")]
    public void Programs_read_the_same_plan(string name) =>
        GoldenFile.Compare($"{name}.json", LaunchPlanJson.Format(TypicalPlans.All[name]()));

    [Fact]
    public void No_file_is_left_over() =>
        Assert.Equal(
            [
                .. TypicalPlans
                    .All.Keys.Select(name => $"{name}.txt")
                    .Concat(["spec.json", "exec.json"])
                    .Order(StringComparer.Ordinal),
            ],
            GoldenFile.Names().Where(name => name != "filters.txt").Order(StringComparer.Ordinal)
        );
}
