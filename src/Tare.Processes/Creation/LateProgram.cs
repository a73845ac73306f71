using System.Buffers.Binary;
using System.Text;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// A program and its arguments that are given to a process which has been made already and waits. They are written to memory
/// that both share: the path, the array of addresses, the texts.
/// </summary>
internal sealed class LateProgram
{
    private const int MostPath = 4096;
    private const int MostArguments = 2048;
    private const int MostText = 128 * 1024;

    private readonly Scratch path;
    private readonly Scratch argv;
    private readonly Scratch texts;

    /// <summary>Reserves the memory in a plan.</summary>
    public LateProgram(LaunchPlanBuilder plan)
    {
        path = plan.NewScratch("the program's path", MostPath);
        argv = plan.NewScratch("the arguments' addresses", (MostArguments + 1) * sizeof(ulong));
        texts = plan.NewScratch("the arguments", MostText);
    }

    /// <summary>Whether a program with these arguments fits.</summary>
    public static bool Fits(string file, IReadOnlyList<string> arguments) =>
        Encoding.UTF8.GetByteCount(file) < MostPath
        && arguments.Count <= MostArguments
        && arguments.Sum(text => Encoding.UTF8.GetByteCount(text) + 1) <= MostText;

    /// <summary>Adds the step that executes it.</summary>
    public void Execute(LaunchPlanBuilder plan, Argument environment) =>
        plan.Call("execute the program", Syscall.execve, path, argv, environment);

    /// <summary>Writes a program that fits, while the process waits.</summary>
    public void Write(PendingLaunch pending, string file, IReadOnlyList<string> arguments)
    {
        pending.Write(path, 0, BytePath.FromString(file).Terminated);
        byte[] addresses = new byte[(arguments.Count + 1) * sizeof(ulong)];
        byte[] content = new byte[arguments.Sum(text => Encoding.UTF8.GetByteCount(text) + 1)];
        ulong address = pending.AddressOf(texts);
        int at = 0;
        for (int i = 0; i < arguments.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(addresses.AsSpan(i * sizeof(ulong)), address + (ulong)at);
            at += Encoding.UTF8.GetBytes(arguments[i], content.AsSpan(at)) + 1;
        }

        pending.Write(texts, 0, content);
        pending.Write(argv, 0, addresses);
    }
}
