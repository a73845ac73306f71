namespace Tare.Oci;

/// <summary>Reads the parts of a <c>process</c> object that say when and where it runs. config.md, "Linux Process".</summary>
internal static class SchedulingReader
{
    internal static SchedulerSpec ReadScheduler(ref JsonCursor json)
    {
        string? policy = null;
        SchedulerSpec scheduler = new() { Policy = "" };
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("policy"u8))
            {
                policy = json.ReadNonEmptyString();
            }
            else if (json.Is("nice"u8))
            {
                scheduler = scheduler with { Nice = json.ReadInt32() };
            }
            else if (json.Is("priority"u8))
            {
                scheduler = scheduler with { Priority = json.ReadInt32() };
            }
            else if (json.Is("flags"u8))
            {
                scheduler = scheduler with { Flags = json.ReadStrings() };
            }
            else if (json.Is("runtime"u8))
            {
                scheduler = scheduler with { Runtime = json.ReadUInt64() };
            }
            else if (json.Is("deadline"u8))
            {
                scheduler = scheduler with { Deadline = json.ReadUInt64() };
            }
            else if (json.Is("period"u8))
            {
                scheduler = scheduler with { Period = json.ReadUInt64() };
            }
            else
            {
                json.Ignore();
            }
        }

        return scheduler with
        {
            Policy = policy ?? throw json.Missing("policy", "name the policy, such as SCHED_BATCH"),
        };
    }

    internal static IoPrioritySpec ReadIoPriority(ref JsonCursor json)
    {
        string? name = null;
        int priority = 0;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("class"u8))
            {
                name = json.ReadNonEmptyString();
            }
            else if (json.Is("priority"u8))
            {
                priority = (int)json.ReadInt64(0, 7);
            }
            else
            {
                json.Ignore();
            }
        }

        return new IoPrioritySpec(
            name ?? throw json.Missing("class", "use IOPRIO_CLASS_RT, IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE"),
            priority
        );
    }

    internal static ExecAffinitySpec ReadExecAffinity(ref JsonCursor json)
    {
        string initial = "";
        string final = "";
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("initial"u8))
            {
                initial = json.ReadString();
            }
            else if (json.Is("final"u8))
            {
                final = json.ReadString();
            }
            else
            {
                json.Ignore();
            }
        }

        return new ExecAffinitySpec(initial.Length > 0 ? initial : null, final.Length > 0 ? final : null);
    }
}
