using System.Globalization;
using System.Text;
using Tare.Launch;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>
/// The part of a plan that is about a process's memory. Until it executes something the process shares this one's, so it
/// goes on in an image of its own first.
/// </summary>
internal sealed class MemorySteps(LaunchPlanBuilder plan, ProcessStartOptions options, DescriptorSteps descriptors)
{
    private const int RefuseExecGain = 1; // PR_MDWE_REFUSE_EXEC_GAIN

    /// <summary>Writes the steps.</summary>
    public void Write()
    {
        if (options.Memory is not { IsEmpty: false } memory)
        {
            return;
        }

        plan.Group(nameof(ProcessStartOptions.Memory));
        plan.OwnDescriptorsFrom = descriptors.Above;
        KeepOpen(true);
        plan.Seal("go on without this process's memory");
        KeepOpen(false);
        if (memory.CoreDump is { } content)
        {
            WriteFilter(content);
        }

        if (memory.DisableHugePages)
        {
            Set("disable huge pages", PrctlOption.PR_SET_THP_DISABLE, 1);
        }

        if (memory.MergePages)
        {
            Set("merge pages", PrctlOption.PR_SET_MEMORY_MERGE, 1);
        }

        if (memory.DenyWriteExecute)
        {
            Set("deny memory that is written and executed", PrctlOption.PR_SET_MDWE, RefuseExecGain);
        }
    }

    // What is needed behind the seal passes it.
    private void KeepOpen(bool open)
    {
        if (options.Landlock is not null)
        {
            SetCloseOnExec(descriptors.Ruleset, !open);
        }

        if (options.Executable is not null)
        {
            SetCloseOnExec(descriptors.Executable, !open);
        }
    }

    private void SetCloseOnExec(int number, bool on) =>
        plan.Call(
            on ? "close it when the program starts" : "keep it open",
            Syscall.fcntl,
            number,
            Argument.Flags(FcntlCommand.F_SETFD),
            on ? 1 : 0
        );

    private void Set(string words, PrctlOption option, int value) =>
        plan.Call(words, Syscall.prctl, Argument.Flags(option), value, 0, 0, 0);

    private void WriteFilter(CoreDumpContent content)
    {
        const string Words = "choose what a core dump has";
        byte[] text = Encoding.ASCII.GetBytes(((int)content).ToString(CultureInfo.InvariantCulture));
        Slot file = plan.NewSlot("coredump_filter");
        plan.CallInto(
            file,
            Words,
            Syscall.openat,
            Argument.WorkingDirectory,
            "/proc/self/coredump_filter",
            Argument.Flags(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC)
        );
        plan.Call(Words, Syscall.write, file, Argument.Struct(text), text.Length);
    }
}
