using System.Text;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Adds what is written to a file of the kernel's to a plan.</summary>
public static class FileCalls
{
    /// <summary>Opens a file that is there, writes to it once, and closes it. Preconditions: what it lies in is mounted where the process is.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="words">What for; of all three calls.</param>
    /// <param name="name">What the file is, for people.</param>
    /// <param name="path">Its path.</param>
    /// <param name="text">What is written: a value of /proc or /sys is one write(2).</param>
    public static void Write(LaunchPlanBuilder plan, string words, string name, string path, string text)
    {
        Slot file = plan.NewSlot(name);
        plan.CallInto(
            file,
            words,
            Syscall.openat,
            Argument.WorkingDirectory,
            path,
            Argument.Flags(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC)
        );
        plan.Call(words, Syscall.write, file, text, Encoding.UTF8.GetByteCount(text));
        plan.Call(words, Syscall.close, file);
    }
}
