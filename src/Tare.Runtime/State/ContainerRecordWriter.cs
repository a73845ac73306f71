using System.Globalization;
using System.Text;

namespace Tare.Runtime.State;

/// <summary>
/// Writes a <see cref="ContainerRecord"/> as text: a line for each fact, its fields separated by tabs, the last line a full
/// stop. Nobody else reads it, and it is written while a container is being started: a JSON writer takes longer to get
/// ready than all of this takes.
/// </summary>
public static class ContainerRecordWriter
{
    /// <summary>The bytes of a record's file.</summary>
    public static byte[] Write(ContainerRecord record)
    {
        StringBuilder text = new(1024);
        Line(text, "id", record.Id.Text);
        Line(text, "oci-version", record.OciVersion);
        Line(text, "bundle", record.Bundle);
        Line(text, "rootfs", record.Rootfs);
        if (record.RootPlace is { } place)
        {
            Line(text, "root-place", place);
        }

        Line(text, "created", Number(record.Created.UtcTicks));
        Line(text, "owner", Number(record.Owner));
        Line(text, "process", Number(record.ProcessId), Number((long)record.ProcessStartTime));
        if (record.PidFile is { } pidFile)
        {
            Line(text, "pid-file", pidFile);
        }

        if (record.HasNoProcess)
        {
            Line(text, "no-process");
        }

        if (record.HasHooks)
        {
            Line(text, "hooks");
        }

        foreach (CgroupPlace cgroup in record.Cgroups)
        {
            Line(text, "cgroup", cgroup.MountPoint, cgroup.Controller, cgroup.Path, Number(cgroup.Made));
        }

        if (record.Resctrl is { } resctrl)
        {
            Line(
                text,
                "resctrl",
                resctrl.MountPoint,
                resctrl.Group,
                Number(resctrl.IsNew ? 1 : 0),
                Number(resctrl.IsOwn ? 1 : 0),
                resctrl.Monitor
            );
        }

        if (record.Unit is { } unit)
        {
            Line(text, "systemd-unit", unit.Name, unit.IsUser ? "user" : "system");
        }

        foreach ((string name, string value) in record.Annotations)
        {
            Line(text, "annotation", name, value);
        }

        foreach (RemainingStep step in record.Remaining)
        {
            Line(text, "remaining", Number(step.Index), step.Words);
        }

        text.Append(".\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string fact, params ReadOnlySpan<string> fields)
    {
        text.Append(fact);
        foreach (string field in fields)
        {
            text.Append('\t');
            if (field.AsSpan().IndexOfAny('\\', '\t', '\n') < 0)
            {
                text.Append(field);
                continue;
            }

            foreach (char c in field)
            {
                _ = c switch
                {
                    '\\' => text.Append("\\\\"),
                    '\t' => text.Append("\\t"),
                    '\n' => text.Append("\\n"),
                    _ => text.Append(c),
                };
            }
        }

        text.Append('\n');
    }
}
