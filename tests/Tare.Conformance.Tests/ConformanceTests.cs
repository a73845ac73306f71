using Tare.Conformance.Running;
using Tare.Conformance.Suite;
using Tare.Conformance.Tests;
using Tare.Fixtures;

[assembly: AssemblyFixture(typeof(RootfsKeeper))]

namespace Tare.Conformance.Tests;

/// <summary>
/// Every check of tests/conformance. tare-oci passes all of them; another runtime fails those that are known for a reason
/// of its own, and no other: so a check that asks too much is found out, and one that asks nothing.
/// </summary>
public abstract class ConformanceTests(string runtime)
{
    private static readonly KnownPeerFailures Known = KnownPeerFailures.Load();

    public static TheoryData<string, string> Checks =>
        new(Checklist.All.Select(pair => (pair.Group.Name, pair.Check.Requirement)));

    [Theory]
    [MemberData(nameof(Checks))]
    public void The_runtime_does_what_is_asked_for(string group, string requirement)
    {
        Require.Root();
        OciRuntime tested = OciRuntime.Of(runtime);
        bool isOurs = tested.Name == "tare-oci";
        Assert.SkipUnless(
            isOurs || Known.Covers(tested),
            $"nobody has looked at what {tested.Name} {tested.Version} fails (known-peer-failures.tsv)"
        );
        Check check = Checklist
            .All.Single(pair => pair.Group.Name == group && pair.Check.Requirement == requirement)
            .Check;

        Outcome outcome = Runner.Run(tested, check);

        Assert.SkipWhen(outcome.Verdict == Verdict.Skipped, outcome.Why);
        string? reason = isOurs ? null : Known.ReasonOf(tested, group, requirement);
        Assert.True(
            (outcome.Verdict == Verdict.Failed) == (reason is not null),
            reason is null ? $"({check.Rows}) {outcome.Why}" : $"passes, and is known not to: {reason}"
        );
    }
}
