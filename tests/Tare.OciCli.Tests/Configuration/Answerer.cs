using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

/// <summary>A program that answers the notifications of seccomp filters (answer.c).</summary>
internal sealed class Answerer : IDisposable
{
    private static readonly Lazy<string> Compiled = new(Compile);
    private readonly TemporaryDirectory _folder = new();
    private readonly RunningTool _running;

    /// <summary>Starts it: calls that are named here fail with that errno, or are said to have succeeded; others are made.</summary>
    public Answerer(params (Syscall Call, Errno Errno)[] answers)
    {
        Socket = _folder.At("answerer");
        _running = Tool.Start(
            Compiled.Value,
            [
                Socket,
                .. answers.Select(answer =>
                    string.Create(CultureInfo.InvariantCulture, $"{NumberOf(answer.Call)}={(int)answer.Errno}")
                ),
            ]
        );
        _running.WaitForText("ready");
    }

    /// <summary>Where it listens.</summary>
    public string Socket { get; }

    /// <summary>What it has been told about filters, in order.</summary>
    public JsonNode[] Told =>
        [
            .. Lines
                .Where(line => line.StartsWith("told ", StringComparison.Ordinal))
                .Select(line => JsonNode.Parse(line[5..])!),
        ];

    /// <summary>Whether a program has waited with a call.</summary>
    public bool WasAsked(Syscall call) =>
        Lines.Contains(string.Create(CultureInfo.InvariantCulture, $"asked {NumberOf(call)}"));

    /// <summary>Waits until it has been told of a filter.</summary>
    public JsonNode WaitForTold()
    {
        _running.WaitForText("told ");
        return Told[0];
    }

    /// <summary>Ends it.</summary>
    public void Kill() => _running.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        _running.Dispose();
        _folder.Dispose();
    }

    private string[] Lines => _running.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static int NumberOf(Syscall call) =>
        SyscallTable.Number(
            call,
            RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? CpuArchitecture.Arm64 : CpuArchitecture.X64
        );

    private static string Compile()
    {
        string compiler = Require.Program("gcc");
        string source = Repository.At("tests", "Tare.OciCli.Tests", "Configuration", "answer.c");
        string program = Path.Combine(AppContext.BaseDirectory, "answer");
        Tool.Run(compiler, "-O2", "-Wall", "-pthread", "-o", program, source).ShouldSucceed();
        return program;
    }
}
