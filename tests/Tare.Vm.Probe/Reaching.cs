using System.Net;
using System.Net.Sockets;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What Landlock lets programs reach by sockets of the file system and UDP; the programs are this one again.</summary>
internal static class Reaching
{
    private const LandlockAccessNet Udp =
        LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_UDP | LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP;

    private static readonly string Program = Environment.ProcessPath!;
    private static readonly string Place = Path.Combine(Path.GetTempPath(), "sockets");

    /// <summary>Tries each of some places, and says what came of it.</summary>
    public static int Try(IEnumerable<string> attempts)
    {
        foreach (string attempt in attempts)
        {
            string[] parts = attempt.Split('=');
            Console.WriteLine($"{parts[0]}={Outcome(() => Reach(parts[0], parts[1]))}");
        }

        return 0;
    }

    /// <summary>Programs under rulesets about sockets, and this one under one that no kernel before Linux 7.0 puts on all threads.</summary>
    public static async Task<int> RulesAsync()
    {
        Console.WriteLine($"abi={LandlockPolicy.KernelAbi}");
        using Socket open = Serve("open");
        using Socket shut = Serve("shut");
        using Socket one = Bind();
        using Socket other = Bind();
        await UnderAsync(
            new LandlockPolicy { Files = LandlockAccess.Connect }.Allow(LandlockAccess.Connect, $"{Place}/open"),
            $"stream={Place}/open",
            $"stream={Place}/shut"
        );
        await UnderAsync(
            new LandlockPolicy { Files = LandlockAccessFs.None, Network = Udp }
                .AllowPort(LandlockAccessNet.LANDLOCK_ACCESS_NET_BIND_UDP, 0)
                .AllowPort(LandlockAccessNet.LANDLOCK_ACCESS_NET_CONNECT_SEND_UDP, PortOf(one)),
            $"udp={PortOf(one)}",
            $"udp={PortOf(other)}",
            "bind=4711"
        );
        await UnderAsync(
            new LandlockPolicy
            {
                Files = LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_DIR,
                QuietFiles = LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_DIR,
                Paths = [new LandlockPathRule("/", LandlockAccessFs.None) { Quiet = true }],
            },
            "list=/"
        );
        Console.WriteLine($"own={RestrictItself()}");
        return 0;
    }

    /// <summary>Sandboxes that are lent a directory, shown another, and not told of a third, in each of which a server waits.</summary>
    public static async Task<int> SandboxAsync(string level)
    {
        using Socket hidden = Serve("hidden/socket");
        using Socket shown = Serve("shown/socket");
        using Socket lent = Serve("lent/socket");
        SandboxResult result = await Sandbox.RunAsync(
            Program,
            [
                "reach",
                $"stream={Place}/hidden/socket",
                $"stream={Place}/shown/socket",
                $"stream={Place}/lent/socket",
                $"own={Place}/lent/own",
            ],
            new()
            {
                Level = Enum.Parse<SandboxLevel>(level),
                ReadOnly = [Program, $"{Place}/shown"],
                ReadWrite = [$"{Place}/lent"],
                AllowWeaker = true,
            }
        );
        Console.WriteLine(LandlockPolicy.KernelAbi);
        Console.Write(result.StandardOutput);
        Console.Write(result.StandardError);
        return 0;
    }

    private static async Task UnderAsync(LandlockPolicy policy, params string[] attempts)
    {
        try
        {
            using LandlockRuleset ruleset = policy.ToRuleset();
            ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
                new(Program, ["reach", .. attempts]) { NoNewPrivileges = true, Landlock = ruleset }
            );
            Console.Write(output.StandardOutput + output.StandardError);
        }
        catch (KernelException refused)
        {
            Console.WriteLine($"{refused.Errno}={refused.Target}");
        }
    }

    // A thread that was there before is under it too.
    private static string RestrictItself()
    {
        using LandlockRuleset ruleset = new LandlockPolicy
        {
            Files = LandlockAccessFs.LANDLOCK_ACCESS_FS_READ_DIR,
        }.ToRuleset();
        using SemaphoreSlim restricted = new(0);
        string seen = "";
        Thread other = new(() =>
        {
            restricted.Wait();
            seen = Outcome(() => Reach("list", "/"));
        });
        other.Start();
        string done = Outcome(ruleset.RestrictThisProcess);
        restricted.Release();
        other.Join();
        return $"{done},{seen},{ProcessSecurity.NoNewPrivileges}";
    }

    private static string Outcome(Action attempt)
    {
        try
        {
            attempt();
            return "reached";
        }
        catch (SocketException missing) when (missing.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // What .NET makes of ENOENT.
            return $"{Errno.ENOENT}";
        }
        catch (SocketException refused)
        {
            return $"{(Errno)refused.NativeErrorCode}";
        }
        catch (UnauthorizedAccessException)
        {
            return $"{Errno.EACCES}";
        }
        catch (KernelException refused)
        {
            return $"{refused.Errno}";
        }
    }

    private static void Reach(string how, string target)
    {
        switch (how)
        {
            case "stream":
                using (Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    socket.Connect(new UnixDomainSocketEndPoint(target));
                }

                break;
            case "own":
                using (Socket server = Listen(target))
                {
                    Reach("stream", target);
                }

                break;
            case "udp":
                using (Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
                {
                    socket.SendTo("x"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, int.Parse(target)));
                }

                break;
            case "bind":
                using (Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
                {
                    socket.Bind(new IPEndPoint(IPAddress.Loopback, int.Parse(target)));
                }

                break;
            default:
                Directory.GetFileSystemEntries(target);
                break;
        }
    }

    private static Socket Serve(string name)
    {
        string path = Path.Combine(Place, name);
        string directory = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(directory);
        Socket server = Listen(path);

        // For everybody: before Linux 6.3 no tmpfs shows a sandbox's user as the owner.
        File.SetUnixFileMode(directory, (UnixFileMode)0x1ff);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ff);
        return server;
    }

    private static Socket Listen(string path)
    {
        File.Delete(path);
        Socket server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        server.Bind(new UnixDomainSocketEndPoint(path));
        server.Listen();
        return server;
    }

    private static Socket Bind()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static ushort PortOf(Socket socket) => (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
}
