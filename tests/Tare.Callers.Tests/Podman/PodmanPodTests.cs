namespace Tare.Callers.Tests.Podman;

[Collection<PodmanCollection>]
public sealed class PodmanPodTests : IDisposable
{
    private readonly PodmanMachine _podman;
    private readonly string _pod = $"p{Guid.NewGuid():N}";

    public PodmanPodTests(PodmanMachine podman)
    {
        _podman = podman;
        // The first container of a pod holds its namespaces; Podman's own image for it is not everywhere.
        podman
            .Run("pod", "create", "--infra-image=busybox", "--infra-command=sleep 1000", "--name", _pod)
            .ShouldSucceed();
    }

    [Fact]
    public void Containers_of_a_pod_share_the_network_and_the_host_name_but_not_their_processes()
    {
        string server = $"{_pod}-server";
        _podman
            .Run(
                "run",
                "--detach",
                "--name",
                server,
                "--pod",
                _pod,
                "debian",
                "nginx",
                "-g",
                "daemon off; error_log stderr notice;"
            )
            .ShouldSucceed();
        _podman.WaitForLog(server, "start worker process");

        string[] lines = _podman
            .Run(
                "run",
                "--rm",
                "--pod",
                _pod,
                "busybox",
                "sh",
                "-c",
                "hostname; wget -q -O- http://127.0.0.1/ | grep -o 'Welcome to nginx!' | head -n 1; ls /proc | grep -c '^[0-9]'"
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal([_pod, "Welcome to nginx!"], lines[..2]);
        Assert.InRange(int.Parse(lines[2]), 1, 4);
    }

    [Fact]
    public void A_pod_is_paused_and_stopped_as_one()
    {
        string name = _podman.Start(["--pod", _pod], "sleep", "1000");

        _podman.Run("pod", "pause", _pod).ShouldSucceed();
        Assert.Equal("paused", _podman.Inspect(name, "{{.State.Status}}"));
        _podman.Run("pod", "unpause", _pod).ShouldSucceed();
        Assert.Equal("running", _podman.Inspect(name, "{{.State.Status}}"));
        _podman.Run("pod", "stop", "--time=0", _pod).ShouldSucceed();

        Assert.Equal("exited", _podman.Inspect(name, "{{.State.Status}}"));
    }

    [Fact]
    public void Containers_of_a_pod_can_share_their_processes()
    {
        string pod = $"{_pod}-pids";
        _podman
            .Run(
                "pod",
                "create",
                "--share=pid,net,ipc,uts",
                "--infra-image=busybox",
                "--infra-command=sleep 1000",
                "--name",
                pod
            )
            .ShouldSucceed();
        _podman.Start(["--pod", pod], "sleep", "2000");

        string processes = _podman.Run("run", "--rm", "--pod", pod, "busybox", "ps").ShouldSucceed().Output;

        Assert.Contains("sleep 1000", processes, StringComparison.Ordinal);
        Assert.Contains("sleep 2000", processes, StringComparison.Ordinal);
        _podman.Run("pod", "rm", "--force", "--time=0", pod).ShouldSucceed();
    }

    public void Dispose() => _podman.Run("pod", "rm", "--force", "--time=0", _pod).ShouldSucceed();
}
