using Tare.Architecture.Tests.Rules;

namespace Tare.Architecture.Tests;

/// <summary>The repository as it stands keeps every rule.</summary>
public sealed class RepositoryTests
{
    public static TheoryData<ISourceRule> SourceRules =>
        [new UnsafeRooms(), new SafetyComments(), new BannedWords(), new FileLength(), new TellingNames()];

    [Fact]
    public void The_tree_has_projects_and_sources_to_look_at()
    {
        Assert.Contains(Tree.Projects, project => project.Name == "Tare.Launch");
        Assert.Contains(Tree.Sources, source => source.Path == "src/Tare.Launch/Plan/LaunchPlan.cs");
    }

    [Fact]
    public void Projects_know_only_whom_they_may() => Assert.Empty(Arrows.Complaints(Tree.Projects));

    [Fact]
    public void Only_the_kernel_rooms_allow_unsafe_code() => Assert.Empty(UnsafeProjects.Complaints(Tree.Projects));

    [Theory]
    [MemberData(nameof(SourceRules), DisableDiscoveryEnumeration = true)]
    public void Every_source_keeps_the_rule(ISourceRule rule)
    {
        string[] complaints = [.. Tree.Sources.SelectMany(rule.Complaints)];
        Assert.True(complaints.Length == 0, string.Join('\n', complaints));
    }
}
