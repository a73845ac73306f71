using System.Text;
using System.Text.Json.Nodes;
using Tare.Conformance.Suite;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Conformance.Checks;

internal static class Terminals
{
    public static Group Group { get; } =
        new(
            "Terminals",
            "config.md: process.terminal, consoleSize; callers of runc",
            [
                new(
                    "C-12 K-04",
                    "the terminal's other side comes over the console socket",
                    site => Assert.Contains("shown", Shown(site, "echo shown"))
                ),
                new(
                    "O-054",
                    "it is all three standard streams, and controls the session",
                    site =>
                        Assert.Contains(
                            "all three",
                            Shown(site, "test -t 0 && test -t 1 && test -t 2 && echo all three >/dev/tty")
                        )
                ),
                new(
                    "O-054",
                    "it belongs to the container's own devpts",
                    site => Assert.Contains("/dev/pts/0", Shown(site, "tty"))
                ),
                new(
                    "O-114",
                    "/dev/console is the terminal",
                    site =>
                    {
                        string[] lines = Shown(site, "stat -c 'is %t:%T' /dev/console /dev/pts/0")
                            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
                        Assert.Equal(2, lines.Length);
                        Assert.Equal(lines[0], lines[1]);
                    }
                ),
                new(
                    "O-055",
                    "consoleSize is the terminal's size",
                    site =>
                        Assert.Contains(
                            "33 111",
                            Shown(
                                site,
                                "stty size",
                                config => config.Put("process.consoleSize", "{\"height\":33,\"width\":111}")
                            )
                        )
                ),
                new(
                    "O-055",
                    "consoleSize without a terminal is passed over",
                    site =>
                        site.Run("true", config => config.Put("process.consoleSize", "{\"height\":33,\"width\":111}"))
                            .ShouldSucceed()
                ),
                new(
                    "C-12",
                    "create with a terminal and without a console socket is refused",
                    site => site.Refuses(config => config.Put("process.terminal", "true"))
                ),
                new(
                    "C-12",
                    "create with a console socket and without a terminal is refused",
                    site =>
                    {
                        using SocketFd socket = UnixSockets.Listen(site.Folder.At("console")).OrThrow("listen");
                        string id = site.NewId();
                        string bundle = site.NewBundle(["true"]);
                        Assert.NotEqual(
                            0,
                            site.Create(bundle, id, "--console-socket", site.Folder.At("console")).ExitCode
                        );
                    }
                ),
            ]
        );

    /// <summary>What a program shows on the terminal of its container until it ends.</summary>
    private static string Shown(Site site, string script, Action<JsonObject>? edit = null)
    {
        string path = site.Folder.At("console");
        using SocketFd socket = UnixSockets.Listen(path).OrThrow("listen", path);
        string bundle = site.NewBundle(
            ["sh", "-c", script],
            config =>
            {
                config.Put("process.terminal", "true");
                edit?.Invoke(config);
            }
        );
        Container container = site.CreateFrom(bundle, "--console-socket", path);
        using FileFd terminal = Take(socket);
        container.Start();

        StringBuilder shown = new();
        byte[] buffer = new byte[4096];
        while (Poll.Wait(terminal, PollEvents.POLLIN, Site.Longest).OrThrow("poll") != PollEvents.None)
        {
            SysResult<int> count = Files.Read(terminal, buffer);
            if (count is not { Ok: true, Value: > 0 })
            {
                break;
            }

            shown.Append(Encoding.UTF8.GetString(buffer, 0, count.Value));
        }

        return shown.ToString();
    }

    private static FileFd Take(SocketFd socket)
    {
        Assert.NotEqual(PollEvents.None, Poll.Wait(socket, PollEvents.POLLIN, Site.Longest).OrThrow("poll"));
        using SocketFd connection = UnixSockets.Accept(socket).OrThrow("accept");
        return Assert.Single(DescriptorPassing.Receive(connection, new byte[4096]).OrThrow("receive").Descriptors);
    }
}
