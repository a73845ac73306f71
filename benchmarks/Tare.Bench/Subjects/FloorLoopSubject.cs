using System.Buffers.Binary;
using Tare.Bench.Measuring;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Bench.Subjects;

/// <summary>The C program in its loop: it launches when it is sent a byte and says how long that took.</summary>
internal sealed class FloorLoopSubject : Subject
{
    private readonly PipeFd requests;
    private readonly PipeFd answers;
    private readonly LaunchedProcess process;

    public FloorLoopSubject(string name, string floor, string rootfs, string id)
        : base(name)
    {
        (PipeFd input, requests) = Pipes.Create().OrThrow("make a pipe");
        (answers, PipeFd output) = Pipes.Create().OrThrow("make a pipe");
        using (input)
        using (output)
        {
            LaunchPlanBuilder plan = new();
            Slot inputSlot = plan.NewInput("requests");
            Slot outputSlot = plan.NewInput("answers");
            plan.Call("attach the requests", Syscall.dup3, inputSlot, 0, 0);
            plan.Call("attach the answers", Syscall.dup3, outputSlot, 1, 0);
            plan.Call(
                $"execute '{floor}'",
                Syscall.execve,
                floor,
                Argument.Texts([floor, "loop", rootfs, id]),
                Argument.Texts([])
            );
            process = Launcher.Launch(plan.Build(), new LaunchInputs().Add(inputSlot, input).Add(outputSlot, output));
        }
    }

    /// <inheritdoc/>
    public override TimeSpan Run()
    {
        Files.WriteAll(requests, "x"u8).OrThrow("ask the floor for a launch");
        Span<byte> answer = stackalloc byte[8];
        if (Files.Read(answers, answer).OrThrow("read the floor's time") != answer.Length)
        {
            throw new BenchException("the floor has ended");
        }

        long nanoseconds = BinaryPrimitives.ReadInt64LittleEndian(answer);
        return nanoseconds > 0
            ? new TimeSpan(nanoseconds / TimeSpan.NanosecondsPerTick)
            : throw new BenchException("the floor's program failed");
    }

    /// <inheritdoc/>
    protected override void End()
    {
        requests.Dispose();
        PidFds.Wait(process.Process);
        process.Dispose();
        answers.Dispose();
    }
}
