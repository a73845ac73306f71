using Tare.Linux;

namespace Tare.Processes.Probe;

/// <summary>A program in a sandbox, pooled or not, and what came of it, a line each: made by whoever the probe is.</summary>
internal static class Sandboxing
{
    public static async Task<int> RunAsync(string level, string way, string writable, string[] command)
    {
        SandboxOptions options = new()
        {
            Level = Enum.Parse<SandboxLevel>(level),
            AllowWeaker = true,
            User = UserOf(way),
            ReadWrite = [writable],
            Time = TimeSpan.FromSeconds(20),
        };
        try
        {
            SandboxResult result = await RunAsync(options, way.StartsWith("pooled", StringComparison.Ordinal), command);
            SandboxHeld held = result.Held;
            Console.WriteLine($"level={result.Level} end={result.End} exit={result.ExitStatus} user={held.UserId}");
            Console.WriteLine($"nnp={held.NoNewPrivileges} filters={held.SeccompFilters} rights={held.Capabilities}");
            foreach (string missing in result.Missing)
            {
                Console.WriteLine($"missing={missing}");
            }

            Console.Write(result.StandardOutput);
            Console.Error.Write(result.StandardError);
            return 0;
        }
        catch (Exception failure) when (failure is KernelException or ProcessStartException)
        {
            Console.WriteLine($"failed={failure.Message}");
            return 1;
        }
    }

    // once:USER:GROUP[:FURTHER…]
    private static ProcessCredentials? UserOf(string way) =>
        way.Split(':') is [_, var user, var group, .. var further]
            ? new ProcessCredentials(uint.Parse(user), uint.Parse(group))
            {
                SupplementaryGroups = [.. further.Select(uint.Parse)],
            }
            : null;

    private static async Task<SandboxResult> RunAsync(SandboxOptions options, bool pooled, string[] command)
    {
        if (!pooled)
        {
            return await Sandbox.RunAsync(command[0], command[1..], options);
        }

        await using SandboxPool pool = new(options, 1);
        return await pool.RunAsync(command[0], command[1..]);
    }
}
