namespace Tare.OciCli.Tests;

public sealed class KillTests : IDisposable
{
    private const string Counting = """
        for signal in HUP INT TERM USR1; do trap "echo got $signal" $signal; done
        echo ready
        while :; do sleep 0.01; done
        """;

    private readonly OciRuntime _runtime = new();

    [Theory]
    [InlineData("TERM", "TERM")]
    [InlineData("SIGTERM", "TERM")]
    [InlineData("sigterm", "TERM")]
    [InlineData("15", "TERM")]
    [InlineData("HUP", "HUP")]
    [InlineData("1", "HUP")]
    [InlineData("SIGUSR1", "USR1")]
    public void A_signal_is_a_number_or_a_name_with_or_without_sig(string signal, string got)
    {
        OciContainer container = Running();

        container.Do("kill", signal).ShouldSucceed();

        container.Creation.WaitForText($"got {got}");
    }

    [Fact]
    public void Without_a_signal_it_is_the_one_that_asks_to_end()
    {
        OciContainer container = Running();

        container.Do("kill").ShouldSucceed();

        container.Creation.WaitForText("got TERM");
    }

    [Theory]
    [InlineData("FOO")]
    [InlineData("SIG")]
    [InlineData("")]
    [InlineData("65")]
    [InlineData("99999999999")]
    public void An_unknown_signal_is_an_error(string signal)
    {
        OciContainer container = _runtime.Create();

        Assert.Equal(
            $"tare-oci: unknown signal \"{signal}\" (use a number, or a name with or without SIG)\n",
            container.Do("kill", signal).ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void A_created_container_can_be_killed()
    {
        OciContainer container = _runtime.Create();

        container.Stop();

        Assert.Equal("stopped", container.Status);
        container.Do("delete").ShouldSucceed();
    }

    [Fact]
    public void A_stopped_container_is_not_running()
    {
        OciContainer container = _runtime.Create().Start().Stop();

        Assert.Equal("tare-oci: container not running\n", container.Do("kill", "KILL").ShouldExitWith(1).Errors);
        Assert.Equal("tare-oci: container not running\n", container.Do("kill", "0").ShouldExitWith(1).Errors);
    }

    [Fact]
    public void Signal_zero_tells_whether_a_container_can_be_sent_signals() =>
        _runtime.Create().Do("kill", "0").ShouldSucceed();

    [Fact]
    public void An_unknown_container_does_not_exist() =>
        Assert.Equal(
            "tare-oci: container does not exist: 'nobody'\n",
            _runtime.Do("kill", "nobody", "KILL").ShouldExitWith(1).Errors
        );

    [Theory]
    [InlineData("kill --all \"$1\" KILL")]
    [InlineData("kill -a \"$1\" 9")]
    [InlineData("kill \"$1\" KILL --all")]
    [InlineData("kill \"$1\" -all SIGKILL")]
    public void Every_process_of_a_container_can_be_killed(string command)
    {
        OciContainer container = _runtime.Create(
            ["sh", "-c", "sleep 1000 & setsid sleep 1000 & echo ready; wait"],
            config => Namespaces.Remove(config, "pid")
        );
        container.Start().Creation.WaitForText("ready");
        int[] processes = Processes.In(container);
        Assert.Equal(3, processes.Length);
        Ending[] endings = [.. processes.Select(Ending.Of)];

        _runtime.Shell($"oci {command}", container.Id).ShouldSucceed();

        Assert.All(endings, ending => ending.Wait());
        Assert.All(endings, ending => ending.Dispose());
        Assert.Equal("stopped", container.Status);
    }

    [Fact]
    public void A_signal_for_all_reaches_every_process()
    {
        OciContainer container = _runtime.Create([
            "sh",
            "-c",
            "(trap 'echo child got it' USR1; echo one; while :; do sleep 0.01; done) & trap 'echo first got it' USR1; "
                + "echo two; while :; do sleep 0.01; done",
        ]);
        container.Start();
        container.Creation.WaitForText("one");
        container.Creation.WaitForText("two");

        container.Do("kill", "--all", "USR1").ShouldSucceed();

        container.Creation.WaitForText("first got it");
        container.Creation.WaitForText("child got it");
    }

    [Fact]
    public void Killing_all_of_a_stopped_container_is_no_error_as_nothing_is_left_to_kill()
    {
        OciContainer container = _runtime.Create().Start().Stop();

        container.Do("kill", "--all", "KILL").ShouldSucceed();
    }

    [Fact]
    public void A_paused_container_dies_of_a_kill()
    {
        OciContainer container = _runtime.Create().Start();
        container.Do("pause").ShouldSucceed();
        using Ending ending = Ending.Of(container.ProcessId);

        container.Do("kill", "KILL").ShouldSucceed();

        ending.Wait();
    }

    public void Dispose() => _runtime.Dispose();

    private OciContainer Running()
    {
        OciContainer container = _runtime.Create(["sh", "-c", Counting]);
        container.Start().Creation.WaitForText("ready");
        return container;
    }
}
