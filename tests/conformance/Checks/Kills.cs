using Tare.Conformance.Suite;
using Tare.Fixtures;

namespace Tare.Conformance.Checks;

internal static class Kills
{
    private const string Trapping =
        "for s in HUP INT TERM USR1 USR2; do trap \"echo got $s\" $s; done; echo ready; while :; do sleep 0.01; done";

    public static Group Group { get; } =
        new(
            "Kill",
            "runtime.md: kill; callers of runc",
            [
                Delivered("15", "TERM"),
                Delivered("TERM", "TERM"),
                Delivered("SIGTERM", "TERM"),
                Delivered("HUP", "HUP"),
                Delivered("SIGUSR1", "USR1"),
                Delivered("12", "USR2"),
                new(
                    "C-27",
                    "without a signal it is TERM",
                    site =>
                    {
                        Container container = site.Started(Trapping).WaitFor("ready");
                        container.Do("kill").ShouldSucceed();
                        container.WaitFor("got TERM");
                    }
                ),
                new(
                    "C-27",
                    "a signal that there is not is refused, and the program runs on",
                    site =>
                    {
                        Container container = site.Started();
                        Assert.NotEqual(0, container.Do("kill", "NOSUCH").ExitCode);
                        Assert.Equal("running", container.Status);
                    }
                ),
                new(
                    "L-06",
                    "a created container can be killed",
                    site => Assert.Equal("stopped", site.Create().Stop().Status)
                ),
                new(
                    "L-06 P-04",
                    "kill of a stopped container is an error that callers understand",
                    site =>
                    {
                        ToolResult kill = site.Started().Stop().Do("kill", "TERM");
                        Assert.NotEqual(0, kill.ExitCode);
                        Assert.Matches(
                            "(?i)container not running|process already finished|no such process",
                            kill.Errors
                        );
                    }
                ),
                new(
                    "L-06 P-04",
                    "kill of an unknown container is an error that says 'does not exist'",
                    site =>
                    {
                        ToolResult kill = site.Do("kill", site.NewId(), "KILL");
                        Assert.NotEqual(0, kill.ExitCode);
                        Assert.Contains("does not exist", kill.Errors);
                    }
                ),
                new("L-06", "kill without an id is an error", site => Assert.NotEqual(0, site.Do("kill").ExitCode)),
                new(
                    "L-06",
                    "a signal without effect on the program leaves the container running",
                    site =>
                    {
                        Container container = site.Started("trap '' TERM; echo deaf; while :; do sleep 0.01; done")
                            .WaitFor("deaf");
                        container.Do("kill", "TERM").ShouldSucceed();
                        Assert.Equal("running", container.Status);
                    }
                ),
                new("C-28", "kill --all ends all processes where there is no PID namespace", KillsAll),
            ]
        );

    private static Check Delivered(string signal, string got) =>
        new(
            "C-27",
            $"'{signal}' is the signal {got}",
            site =>
            {
                Container container = site.Started(Trapping).WaitFor("ready");
                container.Do("kill", signal).ShouldSucceed();
                container.WaitFor($"got {got}");
            }
        );

    private static void KillsAll(Site site)
    {
        Container container = site.Started(
                "sleep 1000 & echo child $!; wait",
                config => config.WithoutNamespace("pid").Drop("process.noNewPrivileges")
            )
            .WaitFor("child");
        int child = int.Parse(container.Creation.Output.Split("child ")[1].Split('\n')[0]);
        using Tare.Linux.PidFd process = Tare.Linux.PidFds.Open(child).OrThrow("open process", $"{child}");

        container.DoWith("kill", "--all").ShouldSucceed();
        site.Do("kill", "--all", container.Id, "KILL");

        Assert.NotEqual(
            Tare.Linux.Abi.PollEvents.None,
            Tare.Linux.Poll.Wait(process, Tare.Linux.Abi.PollEvents.POLLIN, Site.Longest).Value
        );
    }
}
