using CsCheck;
using Tare.Runtime.State;

namespace Tare.Runtime.Tests.State;

public sealed class ContainerIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("web-1.2_x+Y")]
    [InlineData("...")]
    public void Letters_digits_and_a_few_signs_are_an_id(string text) =>
        Assert.Equal(text, ContainerId.Parse(text).Text);

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("ü")]
    [InlineData("a\n")]
    public void Anything_else_is_refused_on_one_line(string text)
    {
        ContainerException e = Assert.Throws<ContainerException>(() => ContainerId.Parse(text));
        Assert.DoesNotContain('\n', e.Message);
        Assert.Contains("container id", e.Message);
    }

    [Fact]
    public void An_id_is_a_file_name_that_leads_nowhere_else() =>
        Gen.String.Sample(text =>
        {
            try
            {
                string id = ContainerId.Parse(text).Text;
                Assert.False(id is "." or ".." || id.Contains('/') || id.Length > 255);
            }
            catch (ContainerException) { }
        });
}
