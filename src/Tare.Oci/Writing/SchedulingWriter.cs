using System.Text.Json;

namespace Tare.Oci;

/// <summary>Writes the parts of a <c>process</c> object that say when and where it runs.</summary>
internal static class SchedulingWriter
{
    internal static void Write(Utf8JsonWriter json, ProcessSpec process)
    {
        if (process.Scheduler is { } scheduler)
        {
            json.WriteStartObject("scheduler"u8);
            json.WriteString("policy"u8, scheduler.Policy);
            json.WriteNumberUnlessZero("nice"u8, scheduler.Nice);
            json.WriteNumberUnlessZero("priority"u8, scheduler.Priority);
            json.WriteTexts("flags"u8, scheduler.Flags);
            json.WriteNumberUnlessZero("runtime"u8, scheduler.Runtime);
            json.WriteNumberUnlessZero("deadline"u8, scheduler.Deadline);
            json.WriteNumberUnlessZero("period"u8, scheduler.Period);
            json.WriteEndObject();
        }

        if (process.IoPriority is { } io)
        {
            json.WriteStartObject("ioPriority"u8);
            json.WriteString("class"u8, io.Class);
            json.WriteNumberUnlessZero("priority"u8, io.Priority);
            json.WriteEndObject();
        }

        if (process.ExecAffinity is { } affinity)
        {
            json.WriteStartObject("execCPUAffinity"u8);
            json.WriteText("initial"u8, affinity.Initial);
            json.WriteText("final"u8, affinity.Final);
            json.WriteEndObject();
        }
    }
}
