namespace Tare.OciCli.Tests;

public sealed class PauseTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_paused_container_stands_still_and_goes_on_when_it_is_resumed()
    {
        OciContainer container = _runtime.Create([
            "sh",
            "-c",
            "echo ready; read line; echo got $line; (read other; echo got $other)",
        ]);
        container.Start().Creation.WaitForText("ready");

        container.Do("pause").ShouldSucceed();
        container.Creation.Input.Write("one\n");
        Assert.DoesNotContain("got", container.Creation.Output, StringComparison.Ordinal);
        container.Do("resume").ShouldSucceed();
        container.Creation.WaitForText("got one");
        container.Creation.Input.Write("two\n");

        container.Creation.WaitForText("got two");
    }

    [Fact]
    public void Only_what_runs_can_be_paused()
    {
        OciContainer container = _runtime.Create();
        container.Do("pause").ShouldSucceed();
        Assert.Equal("tare-oci: container not running: it is paused\n", container.Do("pause").ShouldExitWith(1).Errors);

        container.Do("resume").ShouldSucceed();
        container.Stop();
        Assert.Equal(
            "tare-oci: container not running: it is stopped\n",
            container.Do("pause").ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void Only_what_is_paused_can_be_resumed()
    {
        OciContainer container = _runtime.Create();
        Assert.Equal("tare-oci: container not paused\n", container.Do("resume").ShouldExitWith(1).Errors);

        container.Start();
        Assert.Equal("tare-oci: container not paused\n", container.Do("resume").ShouldExitWith(1).Errors);

        container.Stop();
        Assert.Equal("tare-oci: container not paused\n", container.Do("resume").ShouldExitWith(1).Errors);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    public void An_unknown_container_does_not_exist(string command) =>
        Assert.Equal(
            "tare-oci: container does not exist: 'nobody'\n",
            _runtime.Do(command, "nobody").ShouldExitWith(1).Errors
        );

    public void Dispose() => _runtime.Dispose();
}
