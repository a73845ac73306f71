using System.Net;
using System.Net.Sockets;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>Sandboxes with cgroup v2 alone: what held, and how each limit ends a program; by whoever the probe is.</summary>
internal static class Sandboxing
{
    private const long Mebibyte = 1 << 20;

    private static readonly SandboxOptions Usual = new()
    {
        Memory = 32 * Mebibyte,
        Cpu = 0.5,
        Processes = 16,
        Time = null,
        AllowWeaker = true,
    };

    /// <summary>A program, and what the kernel says of it.</summary>
    public static async Task<int> RunAsync(string level)
    {
        const string Script = "id -u; cat /secret 2>&1; cat; exit 3";
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            ["-c", Script],
            Usual with
            {
                Level = Enum.Parse<SandboxLevel>(level),
                Input = "input\n"u8.ToArray(),
            }
        );
        Console.WriteLine($"end={result.End},{result.ExitStatus},{result.Level}");
        foreach ((string file, string limit) in result.Held.CgroupLimits.OrderBy(limit => limit.Key))
        {
            Console.WriteLine($"{file}={limit}");
        }

        Console.WriteLine($"rights={result.Held.NoNewPrivileges},{result.Held.SeccompMode},{result.Held.Capabilities}");
        Console.WriteLine($"user={result.Held.UserId}");
        Console.WriteLine($"namespaces={result.Held.Namespaces}");
        Console.WriteLine(
            $"usage={result.Usage?.CpuTime > TimeSpan.Zero},{result.Usage?.PeakProcesses is null or > 0}"
        );
        Console.WriteLine($"landlock={result.Held.LandlockAbi == LandlockPolicy.KernelAbi},{LandlockPolicy.KernelAbi}");
        foreach (string missing in result.Missing)
        {
            Console.WriteLine($"missing={missing}");
        }

        Console.Write(result.StandardOutput);
        return 0;
    }

    /// <summary>Any script, and how it ended.</summary>
    public static async Task<int> TryAsync(string level, string script)
    {
        SandboxOptions options = Usual with { Level = Enum.Parse<SandboxLevel>(level) };
        SandboxResult result = await Sandbox.RunAsync("sh", ["-c", script], options);
        Console.WriteLine($"end={result.ExitStatus},{result.ExitStatus.Status.CoreDumped}");
        Console.Write(result.StandardOutput);
        return 0;
    }

    /// <summary>The version of the kernel's Landlock.</summary>
    public static int Abi()
    {
        Console.WriteLine(LandlockPolicy.KernelAbi);
        return 0;
    }

    /// <summary>A program that may connect to one address only.</summary>
    public static async Task<int> ConnectAsync()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen();
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        SandboxResult result = await Run(
            $"nc 127.0.0.1 {port} </dev/null && echo reached; nc 127.0.0.2 {port} </dev/null",
            Usual with
            {
                Network = SandboxNetwork.Host,
                Connections = [NetworkTarget.At(IPAddress.Loopback, port)],
                Time = TimeSpan.FromSeconds(60),
            },
            () => listener.Accept().Dispose()
        );
        Console.WriteLine($"output={result.StandardOutput.Trim()}");
        Console.WriteLine($"error={result.StandardError.Trim()}");
        foreach (string missing in result.Missing)
        {
            Console.WriteLine($"missing={missing}");
        }

        return 0;
    }

    /// <summary>A program that leaves another running, as the machine sees it once the sandbox has ended.</summary>
    public static async Task<int> LeftAsync(string level)
    {
        try
        {
            await LeaveAsync(level);
        }
        catch (Exception failure) when (failure is KernelException or ProcessStartException)
        {
            Console.WriteLine($"failed={failure.Message}");
        }

        return 0;
    }

    private static async Task LeaveAsync(string level)
    {
        SandboxResult result = await Run(
            "(setsid sleep 4711 >/dev/null 2>&1 </dev/null &); exit 3",
            Usual with
            {
                Level = Enum.Parse<SandboxLevel>(level),
            }
        );
        Console.WriteLine($"end={result.End},{result.ExitStatus},{result.Level}");
        foreach (string missing in result.Missing)
        {
            Console.WriteLine($"missing={missing}");
        }
    }

    /// <summary>A program for each limit.</summary>
    public static async Task<int> LimitsAsync(string level)
    {
        SandboxOptions options = Usual with { Level = Enum.Parse<SandboxLevel>(level) };
        SandboxResult memory = await Run("exec dd if=/dev/zero of=/dev/null bs=64M count=1", options);
        Console.WriteLine($"memory={memory.End},{memory.ExitStatus},{memory.Usage?.PeakMemory <= 32 * Mebibyte}");
        SandboxResult processes = await Run("for i in $(seq 20); do sleep 9 & done", options);
        Console.WriteLine($"processes={processes.End},{processes.Usage?.RefusedProcesses > 0}");
        SandboxResult cpu = await Run("while :; do :; done", options with { CpuTime = TimeSpan.FromMilliseconds(300) });
        Console.WriteLine($"cpu={cpu.End},{cpu.Usage?.CpuTime >= TimeSpan.FromMilliseconds(300)}");
        Console.WriteLine($"throttled={cpu.Usage?.ThrottledTime > TimeSpan.Zero}");
        SandboxResult time = await Run("exec sleep 1000", options with { Time = TimeSpan.FromMilliseconds(300) });
        Console.WriteLine($"time={time.End},{time.ExitStatus}");
        SandboxResult output = await Run("exec yes", options with { Output = 1000, EndAtOutputLimit = true });
        Console.WriteLine($"output={output.End},{output.StandardOutputBytes.Length}");
        SeccompProfile profile = new SeccompProfile(SeccompAnswer.Allow).Kill("mkdir", "mkdirat");
        SandboxResult call = await Run("exec mkdir $TMPDIR/new", options with { SystemCalls = profile });
        Console.WriteLine($"call={call.End},{call.ExitStatus}");
        return 0;
    }

    /// <summary>Programs in sandboxes that were ready.</summary>
    public static async Task<int> PoolAsync(string level)
    {
        await using SandboxPool pool = new(Usual with { Level = Enum.Parse<SandboxLevel>(level) }, 2);
        SandboxResult[] results = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(i =>
                    pool.RunAsync(
                        "sh",
                        ["-c", "cat; echo $0; ls $TMPDIR; touch $TMPDIR/mine", $"{i}"],
                        "input "u8.ToArray()
                    )
                )
        );
        foreach (SandboxResult result in results)
        {
            Console.WriteLine(
                $"{result.Success},{result.Held.CgroupLimits["memory.max"]},{result.Held.SeccompFilters},{result.StandardOutput.Trim()}"
            );
        }

        SandboxResult bomb = await pool.RunAsync("dd", ["if=/dev/zero", "of=/dev/null", "bs=64M", "count=1"]);
        Console.WriteLine($"memory={bomb.End}");
        return 0;
    }

    private static async Task<SandboxResult> Run(string script, SandboxOptions options, Action? meanwhile = null)
    {
        await using SandboxedProcess process = Sandbox.Start("sh", ["-c", script], options);
        Task<SandboxResult> running = process.RunAsync();
        meanwhile?.Invoke();
        return await running;
    }
}
