using System.CommandLine;

namespace Tare.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args.Length == 0)
        {
            Tare.Linux.Processes.Exit(0);
        }

        long t0 = System.Diagnostics.Stopwatch.GetTimestamp();
        RootCommand root = new("x");
        Command run = new("run", "y");
        List<Option> options = [];
        foreach (string n in new[] { "--memory", "--cpus", "--pids", "--timeout", "--user", "--workdir", "--hostname", "--rootfs", "--net" })
        {
            Option<string> o = new(n) { Description = "some", HelpName = "A" };
            options.Add(o);
            run.Options.Add(o);
        }

        foreach (string n in new[] { "--read-write", "--env", "--cap-add" })
        {
            run.Options.Add(new Option<string[]>(n) { AllowMultipleArgumentsPerToken = false });
        }

        foreach (string n in new[] { "--stats", "--json", "--trace", "--best-effort" })
        {
            run.Options.Add(new Option<bool>(n));
        }

        root.Subcommands.Add(run);
        ParseResult result = root.Parse(args);
        string? m = result.GetValue<string>("--memory");
        long t1 = System.Diagnostics.Stopwatch.GetTimestamp();
        string line = $"{(t1 - t0) / 1000} us {m} {result.Errors.Count}\n";
        using Tare.Linux.FileFd e = new(2);
        Tare.Linux.Files.WriteAll(e, System.Text.Encoding.UTF8.GetBytes(line));
        Tare.Linux.Processes.Exit(0);
        return 0;
    }
}
