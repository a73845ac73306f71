using Tare.Runtime.State;
using Tare.Runtime.Systemd;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Systemd;

public sealed class ScopeNameTests
{
    private static readonly ContainerId Id = ContainerId.Parse("a+b");

    [Theory]
    [InlineData("system.slice:pre:name", "system.slice", "pre-name.scope", "system.slice/pre-name.scope")]
    [InlineData(":pre:name", "system.slice", "pre-name.scope", "system.slice/pre-name.scope")]
    [InlineData("::name", "system.slice", "name.scope", "system.slice/name.scope")]
    [InlineData("a-b-c.slice:p:n", "a-b-c.slice", "p-n.scope", "a.slice/a-b.slice/a-b-c.slice/p-n.scope")]
    [InlineData("-.slice:p:n", "-.slice", "p-n.scope", "p-n.scope")]
    [InlineData(
        "kubepods-besteffort-pod1_2.slice:cri-containerd:0f",
        "kubepods-besteffort-pod1_2.slice",
        "cri-containerd-0f.scope",
        "kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1_2.slice/cri-containerd-0f.scope"
    )]
    [InlineData(null, "system.slice", "tare-a\\x2bb.scope", "system.slice/tare-a\\x2bb.scope")]
    [InlineData("", "system.slice", "tare-a\\x2bb.scope", "system.slice/tare-a\\x2bb.scope")]
    public void A_path_names_a_slice_and_a_scope(string? text, string slice, string unit, string path)
    {
        ScopeName name = ScopeName.Parse(text, Id, isUser: false);

        Assert.Equal((slice, unit, path), (name.Slice, name.Unit, name.Path));
    }

    [Fact]
    public void A_users_containers_go_to_the_users_slice() =>
        Assert.Equal("user.slice/tare-a\\x2bb.scope", ScopeName.Parse(null, Id, isUser: true).Path);

    [Theory]
    [InlineData("/absolute")]
    [InlineData("a:b")]
    [InlineData("a.slice:b:c:d")]
    [InlineData("a.slice:b:")]
    [InlineData("a.slice:b:c.slice")]
    [InlineData("a:b:c")]
    [InlineData("a--b.slice:b:c")]
    [InlineData("-a.slice:b:c")]
    [InlineData("a-.slice:b:c")]
    [InlineData(".slice:b:c")]
    [InlineData("../a.slice:b:c")]
    [InlineData("a/b.slice:b:c")]
    [InlineData("a.slice:b:c/d")]
    [InlineData("a.slice:b:../c")]
    [InlineData("a.slice:b c:d")]
    [InlineData("a.slice:b:c+d")]
    public void What_systemd_would_not_take_or_leads_elsewhere_is_refused(string text) =>
        Assert.Equal(
            "linux.cgroupsPath",
            Assert.Throws<SpecException>(() => ScopeName.Parse(text, Id, isUser: false)).Property
        );

    [Fact]
    public void A_name_that_is_too_long_is_refused() =>
        Assert.Throws<SpecException>(() => ScopeName.Parse($"::{new string('x', 250)}", Id, isUser: false));

    [Fact]
    public void Another_form_is_refused_in_the_words_that_callers_know() =>
        Assert.Contains(
            "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"/a/b\" instead",
            Assert.Throws<SpecException>(() => ScopeName.Parse("/a/b", Id, isUser: false)).Message,
            StringComparison.Ordinal
        );
}
