using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>Steps that many plans of these tests have.</summary>
internal static class PlanSteps
{
    /// <summary>Executes a program as its last step.</summary>
    public static void Execute(this LaunchPlanBuilder plan, string program, params string[] arguments) =>
        plan.Call(
            $"execute '{program}'",
            Syscall.execve,
            program,
            Argument.Texts([program, .. arguments]),
            Argument.Texts(["PATH=/usr/bin:/bin"])
        );

    /// <summary>Executes a script as its last step.</summary>
    public static void Shell(this LaunchPlanBuilder plan, string script) => plan.Execute("/bin/sh", "-c", script);

    /// <summary>Goes on in another process.</summary>
    public static void Spawn(this LaunchPlanBuilder plan) =>
        plan.Add(new SpawnStep("go on in another process", CloneFlags.None));

    /// <summary>Waits until somebody writes a byte or closes the other end; the input is a pipe's end to read from.</summary>
    public static Slot Block(this LaunchPlanBuilder plan)
    {
        Slot pipe = plan.NewInput("a pipe to wait for");
        plan.Call("wait for the pipe", Syscall.read, pipe, plan.NewScratch("what comes", 8), 1);
        return pipe;
    }

    /// <summary>Writes the child's number, 8 bytes, into a pipe.</summary>
    public static Slot TellNumber(this LaunchPlanBuilder plan)
    {
        Slot pipe = plan.NewInput("a pipe for the number");
        Slot number = plan.NewSlot("the child's number");
        plan.CallInto(number, "ask for the number", Syscall.getpid);
        plan.Call("tell the number", Syscall.write, pipe, Argument.AddressOf(number), 8);
        return pipe;
    }

    /// <summary>Writes a text into a file of /proc or /sys.</summary>
    public static void WriteFile(this LaunchPlanBuilder plan, string path, string text)
    {
        Slot file = plan.NewSlot(path);
        plan.CallInto(
            file,
            $"open '{path}'",
            Syscall.openat,
            Argument.WorkingDirectory,
            path,
            Argument.Flags(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC),
            0
        );
        plan.Call($"write '{path}'", Syscall.write, file, text, text.Length);
    }

    /// <summary>The child gives up root.</summary>
    public static void BecomeNobody(this LaunchPlanBuilder plan) =>
        plan.Call("become nobody", Syscall.setresuid, 65534, 65534, 65534);

    /// <summary>The index of the only step with these words.</summary>
    public static int IndexOf(this LaunchPlan plan, string words) =>
        plan.Steps.Select((step, i) => (step.Words, i)).Single(step => step.Words == words).i;
}
