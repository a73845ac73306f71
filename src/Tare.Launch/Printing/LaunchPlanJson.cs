using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Tare.Launch.Printing;

/// <summary>A plan for programs, whole and in a form that does not change without its version: docs/plan-format.md.</summary>
public static class LaunchPlanJson
{
    /// <summary>The version of the form.</summary>
    public const int Version = 1;

    /// <summary>The whole plan, indented, ended by a line feed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="before">What the launcher does before there is a process, in words.</param>
    public static string Format(LaunchPlan plan, IReadOnlyList<string>? before = null)
    {
        ArrayBufferWriter<byte> buffer = new(16 * 1024);
        JsonWriterOptions options = new()
        {
            Indented = true,
            NewLine = "\n",
            // For a terminal or a program, never inside a web page: kernel names and ‹quotes› stay readable.
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (Utf8JsonWriter json = new(buffer, options))
        {
            Write(plan, json, before);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>Writes the plan as one object; the writer stays the caller's.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="json">Where it goes.</param>
    /// <param name="before">What the launcher does before there is a process, in words.</param>
    public static void Write(LaunchPlan plan, Utf8JsonWriter json, IReadOnlyList<string>? before = null)
    {
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        if (before is { Count: > 0 })
        {
            json.WriteStartArray("before");
            foreach (string words in before)
            {
                json.WriteStringValue(words);
            }

            json.WriteEndArray();
        }

        WriteProcess(plan, json);
        WriteSlots(plan, json);
        WriteMemory(plan, json);
        json.WriteStartArray("steps");
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            StepJson.Write(plan, i + 1, json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteProcess(LaunchPlan plan, Utf8JsonWriter json)
    {
        json.WriteStartObject("process");
        json.WriteString("words", CloneWords.Purpose(plan));
        json.WriteString("flags", EnumWords.Of(LaunchFlags.OfProcess(plan)));
        json.WriteString("namespaces", EnumWords.Of(plan.CloneFlags));
        if (plan.Cgroup is { } cgroup)
        {
            json.WriteNumber("cgroup", cgroup.Index);
        }

        if (plan.FailureReport is { } report)
        {
            json.WriteNumber("failureReport", report.Index);
        }

        json.WriteBoolean("undumpable", plan.Undumpable);
        json.WriteBoolean("waitsForParent", plan.WaitsForParent);
        json.WriteEndObject();
    }

    private static void WriteSlots(LaunchPlan plan, Utf8JsonWriter json)
    {
        json.WriteStartArray("slots");
        foreach (Slot slot in plan.Slots)
        {
            json.WriteStartObject();
            json.WriteNumber("slot", slot.Index);
            json.WriteString("name", slot.Name);
            json.WriteBoolean("input", slot.IsInput);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteMemory(LaunchPlan plan, Utf8JsonWriter json)
    {
        json.WriteStartArray("memory");
        foreach (Scratch memory in plan.Scratch)
        {
            json.WriteStartObject();
            json.WriteNumber("memory", memory.Index);
            json.WriteString("name", memory.Name);
            json.WriteNumber("size", memory.Content.Length);
            if (memory.Content.Span.ContainsAnyExcept((byte)0))
            {
                json.WriteString("content", Convert.ToHexStringLower(memory.Content.Span));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
