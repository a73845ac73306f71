using Tare.Fixtures;

namespace Tare.Callers.Tests.Docker;

[Collection<DockerCollection>]
public sealed class DockerComposeTests(DockerMachine docker)
{
    private const string File = """
        version: "3.8"
        services:
          web:
            image: debian
            command: ["nginx", "-g", "daemon off; error_log stderr notice;"]
            volumes: ["site:/var/www/html"]
            networks: [inner]
            restart: unless-stopped
          store:
            image: debian
            command: ["redis-server", "--save", "", "--bind", "0.0.0.0", "--protected-mode", "no"]
            networks: [inner]
            read_only: true
            mem_limit: 128m
          client:
            image: debian
            command: ["sleep", "1000"]
            networks: [inner]
            init: true
            depends_on: [web, store]
        volumes: { site: {} }
        networks: { inner: {} }
        """;

    [Fact]
    public void Services_of_a_compose_file_reach_each_other_by_name_until_they_are_taken_down()
    {
        docker.Machine.Write("/home/project/docker-compose.yml", File);

        Compose("up", "--detach").ShouldSucceed();

        docker.Machine.WaitFor("start worker process", [.. Project, "logs", "--follow", "web"]);
        docker.Machine.WaitFor("Ready to accept connections", [.. Project, "logs", "--follow", "store"]);
        Compose("exec", "-T", "web", "sh", "-c", "echo from the site >/var/www/html/page").ShouldSucceed();
        Assert.Equal(
            ["from the site", "OK", "stored"],
            Compose(
                    "exec",
                    "-T",
                    "client",
                    "sh",
                    "-c",
                    "python3 -c 'import urllib.request; print(urllib.request.urlopen(\"http://web/page\").read().decode().strip())'; "
                        + "redis-cli -h store set key stored; redis-cli -h store get key"
                )
                .ShouldSucceed()
                .Lines
        );
        Compose("restart", "--timeout=1", "client").ShouldSucceed();
        Compose("run", "--rm", "-T", "client", "sh", "-c", "exit 9").ShouldExitWith(9);
        Compose("down", "--volumes", "--timeout=1").ShouldSucceed();

        Assert.Equal("", docker.Run("ps", "--all", "--quiet", "--filter=name=project").ShouldSucceed().Output);
        Assert.Equal("", docker.Run("network", "ls", "--quiet", "--filter=name=project").ShouldSucceed().Output);
    }

    private static string[] Project { get; } =
    ["docker-compose", "--project-directory=/home/project", "--file=/home/project/docker-compose.yml"];

    private ToolResult Compose(params string[] command) => docker.Machine.Run([.. Project, .. command]);
}
