using System.Text;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Runtime;

namespace Tare.OciCli.Verbs;

/// <summary>Runs ps(1) of this machine and reads what it prints.</summary>
internal static class ProcessListing
{
    private const int Longest = 64 << 20;
    private static readonly string[] Places = ["/usr/bin/ps", "/bin/ps"];

    /// <summary>What it prints with these options.</summary>
    /// <exception cref="ContainerException">There is no ps, or it fails.</exception>
    public static string Read(string[] options)
    {
        string program =
            Array.Find(Places, File.Exists)
            ?? throw new ContainerException("find 'ps': ENOENT (install the package procps, or use --format json)");
        using PipePair pipe = Pipes.Create().OrThrow("make a pipe");
        LaunchPlanBuilder plan = new();
        Slot output = plan.NewInput("standard output");
        plan.Call("take standard output", Syscall.dup3, output, 1, 0);
        plan.Call(
            $"execute '{program}'",
            Syscall.execve,
            program,
            Argument.Texts(["ps", .. options]),
            Argument.Texts(["PATH=/usr/bin:/bin", "LC_ALL=C"])
        );
        using LaunchedProcess process = Launcher.Launch(plan.Build(), new LaunchInputs().Add(output, pipe.WriteEnd));
        pipe.WriteEnd.Dispose();
        byte[] listing = Files.ReadToEnd(pipe.ReadEnd, Longest).OrThrow("read from", program);
        return PidFds.Wait(process.Process) is { Ok: true, Value.Status.Success: true }
            ? Encoding.UTF8.GetString(listing)
            : throw new ContainerException($"ps {string.Join(' ', options)}: it failed, see above");
    }
}
