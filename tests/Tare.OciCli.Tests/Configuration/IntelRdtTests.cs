using System.Text.Json.Nodes;

namespace Tare.OciCli.Tests;

/// <summary>What resctrl does is played in Tare.Runtime.Tests; here is what happens on a machine without it.</summary>
public sealed class IntelRdtTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Theory]
    [InlineData("""{"closID": "gold", "schemata": ["L3:0=f"]}""")]
    [InlineData("""{"closID": "/"}""")]
    [InlineData("""{"enableMonitoring": true}""")]
    [InlineData("{}")]
    public void Without_resctrl_it_is_an_error_and_nothing_is_left(string rdt)
    {
        Assert.SkipWhen(
            File.ReadAllText("/proc/self/mountinfo").Contains(" - resctrl ", StringComparison.Ordinal),
            "needs a machine without resctrl"
        );
        Tare.Fixtures.Bundle bundle = _runtime.NewBundle(
            ["true"],
            config => config["linux"]!["intelRdt"] = JsonNode.Parse(rdt)
        );
        string id = _runtime.NewId();

        Assert.Equal(
            "tare-oci: linux.intelRdt: no resctrl file system is mounted (mount -t resctrl resctrl /sys/fs/resctrl; "
                + "the processor must have RDT and the kernel support for it)\n",
            _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1).Errors
        );
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Theory]
    [InlineData("""{"closID":"a/b"}""", "linux.intelRdt.closID: 'a/b' cannot be a class's name")]
    [InlineData("""{"closID":".."}""", "linux.intelRdt.closID: '..' cannot be a class's name")]
    [InlineData("""{"closID":"mon_groups"}""", "linux.intelRdt.closID: 'mon_groups' cannot be a class's name")]
    [InlineData("""{"memBwSchema":"L3:0=f"}""", "linux.intelRdt.memBwSchema: 'L3:0=f' does not begin with MB:")]
    [InlineData("""{"schemata":["a","b\nc"]}""", "linux.intelRdt.schemata[1]: is not one line")]
    public void What_resctrl_could_not_take_is_named(string rdt, string message) =>
        Assert.Contains(
            message,
            _runtime
                .Run(["true"], config => config["linux"]!["intelRdt"] = JsonNode.Parse(rdt))
                .ShouldExitWith(1)
                .Errors,
            StringComparison.Ordinal
        );

    public void Dispose() => _runtime.Dispose();
}
