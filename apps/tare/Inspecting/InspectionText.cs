using Spectre.Console;
using Tare.Cli.Observation;
using Tare.Cli.Reporting;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>An inspection for people, on standard output.</summary>
internal static class InspectionText
{
    private const int DrawnBands = 60;

    /// <summary>Writes it.</summary>
    public static void Write(Inspection inspection)
    {
        ProcessSnapshot process = inspection.Process;
        Output.Write($"process {process.ProcessId}: {Visible.Of(process.Name)}\n");
        IReadOnlyList<FactGroup> groups = InspectionFacts.Of(inspection);
        Write(groups[0].Facts);
        Output.Write("\nmemory, from high to low addresses\n");
        WriteMemory(inspection);
        foreach (FactGroup group in groups.Skip(1))
        {
            Output.Write($"\n{group.Title}\n");
            Write(group.Facts);
        }

        WriteThreads(process);
        WriteFiles(inspection);
    }

    private static void WriteMemory(Inspection inspection)
    {
        ProcessMemoryUsage memory = inspection.Process.Memory;
        if (inspection.Memory is { } layout)
        {
            Table drawing = Tables.Plain(1);
            foreach ((string line, Color? colour) in MemoryText.Lines(Bands(inspection, layout)))
            {
                drawing.AddRow(
                    new Text(line, colour is { } its ? new Style(its) : Style.Plain) { Overflow = Overflow.Crop }
                );
            }

            Tables.Write(drawing);
        }
        else
        {
            Output.Write($"  {inspection.Or(null, "none: it is a thread of the kernel's, or has ended")}\n");
        }

        List<(string, string)> facts =
        [
            ("addresses", Words.Size(memory.Virtual)),
            (
                "in memory",
                $"{Words.Size(memory.Resident)} (no file {Words.Size(memory.ResidentAnonymous)}, files {Words.Size(memory.ResidentFile)}, shared memory {Words.Size(memory.ResidentShared)}); at most {Words.Size(memory.PeakResident)}"
            ),
            (
                "of that",
                memory.Proportional is { } usage
                    ? $"{Words.Size(usage.Private)} private, {Words.Size(usage.Shared)} shared; PSS {Words.Size(usage.Proportional)}"
                    : inspection.Or(null)
            ),
            ("swapped", Words.Size(memory.Swapped)),
            ("locked", Words.Size(memory.Locked)),
            ("page tables", Words.Size(memory.PageTables)),
        ];
        Write(facts);
    }

    private static IReadOnlyList<MemoryBand> Bands(Inspection inspection, MemoryLayout layout) =>
        MemoryDrawing.Of(layout, inspection.Process.ExecutablePath, DrawnBands);

    private static void WriteThreads(ProcessSnapshot process)
    {
        IReadOnlyList<ThreadSnapshot> threads = process.Threads ?? [];
        Output.Write($"\nthreads ({threads.Count})\n");
        PlainColumns table = new([true, false, false, true, true, false]);
        table.Add(["  TID", "NAME", "STATE", "TIME", "NICE", "WAITS IN"]);
        foreach (ThreadSnapshot thread in threads)
        {
            table.Add([
                $"  {thread.ThreadId}",
                Visible.Of(thread.Name),
                Policies.StateOf(thread.State),
                Words.Time(thread.UserTime + thread.SystemTime),
                $"{thread.Scheduler.Nice}",
                thread.WaitsIn is { } function ? Visible.Of(function) : "-",
            ]);
        }

        Output.Write(table.Format(null));
    }

    private static void WriteFiles(Inspection inspection)
    {
        if (inspection.Process.OpenFiles is not { } files)
        {
            Output.Write($"\nopen files\n  {inspection.Or(null)}\n");
            return;
        }

        Output.Write($"\nopen files ({files.Count})\n");
        PlainColumns table = new([true, false, true, false]);
        foreach (OpenFile file in files)
        {
            string access = ((uint)file.Access & 3) switch
            {
                0 => "r",
                1 => "w",
                _ => "rw",
            };
            table.Add([
                $"  {file.Number}",
                access + (file.IsCloseOnExec ? " cloexec" : ""),
                file.Position > 0 ? $"at {file.Position}" : "",
                Visible.Of(file.Target),
            ]);
        }

        Output.Write(table.Format(null));
    }

    private static void Write(IReadOnlyList<(string Name, string Value)> facts)
    {
        Table table = Tables.Plain(2);
        foreach ((string name, string value) in facts)
        {
            table.AddRow(new Text("  " + name), new Text(value));
        }

        Tables.Write(table);
    }
}
