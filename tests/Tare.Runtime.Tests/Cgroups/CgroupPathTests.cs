using CsCheck;
using Tare.Runtime.Cgroups;

namespace Tare.Runtime.Tests.Cgroups;

public sealed class CgroupPathTests
{
    [Theory]
    [InlineData("/a", "a", true)]
    [InlineData("a/b", "a/b", false)]
    [InlineData("//a///b/", "a/b", true)]
    [InlineData("system.slice:tare:x", "system.slice:tare:x", false)]
    public void A_path_is_kept_without_superfluous_slashes(string text, string relative, bool absolute)
    {
        CgroupPath path = CgroupPath.Parse(text);
        Assert.Equal(relative, path.Relative);
        Assert.Equal(absolute, path.IsAbsolute);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("///")]
    [InlineData("..")]
    [InlineData("/a/../b")]
    [InlineData("a/./b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void What_could_lead_elsewhere_is_refused(string text)
    {
        Assert.NotNull(CgroupPath.Problem(text));
        Assert.Throws<ArgumentException>(() => CgroupPath.Parse(text));
    }

    [Fact]
    public void A_component_longer_than_a_file_name_is_refused() =>
        Assert.NotNull(CgroupPath.Problem("/a/" + new string('x', 256)));

    [Fact]
    public void Whatever_parses_stays_below_where_it_is_put() =>
        Gen.String[Gen.Char["ab./:-"], 0, 20]
            .Sample(text =>
            {
                if (CgroupPath.Problem(text) is not null)
                {
                    return;
                }

                string relative = CgroupPath.Parse(text).Relative;
                Assert.All(relative.Split('/'), component => Assert.False(component is "" or "." or ".."));
            });
}
