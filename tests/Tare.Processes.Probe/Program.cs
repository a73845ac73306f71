using Tare.Linux;
using Tare.Processes;

// Runs a program in a sandbox of the given level, pooled or not, and says what came of it, a line each: for tests that need
// another user than their own.
SandboxOptions options = new()
{
    Level = Enum.Parse<SandboxLevel>(args[0]),
    AllowWeaker = true,
    ReadWrite = [args[2]],
    Time = TimeSpan.FromSeconds(20),
};
try
{
    SandboxResult result;
    if (args[1] == "pooled")
    {
        await using SandboxPool pool = new(options, 1);
        result = await pool.RunAsync(args[3], args[4..]).ConfigureAwait(false);
    }
    else
    {
        result = await Sandbox.RunAsync(args[3], args[4..], options).ConfigureAwait(false);
    }

    Console.WriteLine($"level={result.Level} end={result.End} exit={result.Exit} user={result.Held.UserId}");
    Console.WriteLine(
        $"capabilities={result.Held.Capabilities.Bits:x} nnp={result.Held.NoNewPrivileges} filters={result.Held.SeccompFilters}"
    );
    foreach (string missing in result.Missing)
    {
        Console.WriteLine($"missing={missing}");
    }

    Console.Write(result.Output);
    Console.Error.Write(result.Error);
    return 0;
}
catch (Exception failure) when (failure is KernelException or ProcessStartException)
{
    Console.WriteLine($"failed={failure.Message}");
    return 1;
}
