using CsCheck;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Validation;

public sealed class ContainerPathTests
{
    [Theory]
    [InlineData("/", "/", ".")]
    [InlineData("//", "/", ".")]
    [InlineData("/..", "/", ".")]
    [InlineData("/a", "/a", "a")]
    [InlineData("a/b/", "/a/b", "a/b")]
    [InlineData("/a//b/./c", "/a/b/c", "a/b/c")]
    [InlineData("/a/../b", "/b", "b")]
    [InlineData("/../../etc/passwd", "/etc/passwd", "etc/passwd")]
    [InlineData("/a/...", "/a/...", "a/...")]
    [InlineData("/ö/ b", "/ö/ b", "ö/ b")]
    public void A_path_has_one_way_to_be_written(string text, string whole, string relative)
    {
        ContainerPath path = ContainerPath.Parse("p", text);

        Assert.Equal(whole, path.ToString());
        Assert.Equal(relative, path.Relative);
        Assert.Equal(path, ContainerPath.Parse("p", whole));
        Assert.Equal(path.GetHashCode(), ContainerPath.Parse("p", whole).GetHashCode());
    }

    [Fact]
    public void A_path_that_was_not_set_is_the_root()
    {
        Assert.Equal(ContainerPath.Root, default);
        Assert.True(default(ContainerPath).IsRoot);
        Assert.Equal("/", default(ContainerPath).ToString());
        Assert.Equal(ContainerPath.Root, ContainerPath.Root.Parent);
        Assert.Equal("", ContainerPath.Root.Name);
    }

    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/a", "/a", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a", "/a/b", false)]
    [InlineData("/a", "/", true)]
    public void Below_counts_whole_names(string path, string other, bool below) =>
        Assert.Equal(below, ContainerPath.Parse("p", path).IsAtOrBelow(ContainerPath.Parse("p", other)));

    [Fact]
    public void No_path_leads_up_or_out() =>
        Gen.OneOf(Gen.Const(".."), Gen.Const("."), Gen.Const(""), Gen.Const("a"), Gen.String[Gen.Char['a', 'c'], 1, 3])
            .Array[1, 8]
            .Sample(parts =>
            {
                ContainerPath path = ContainerPath.Parse("p", "/" + string.Join('/', parts));
                Assert.DoesNotContain(path.Parts, part => part is "" or "." or "..");
                Assert.Equal("/" + string.Join('/', path.Parts), path.ToString());
                for (ContainerPath above = path; !above.IsRoot; above = above.Parent)
                {
                    Assert.True(path.IsAtOrBelow(above));
                    string below = path.RelativeTo(above);
                    Assert.Equal(path, ContainerPath.Parse("p", below == "." ? $"{above}" : $"{above}/{below}"));
                }
            });
}
