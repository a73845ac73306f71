using System.Globalization;
using System.Text;

namespace Tare.Runtime.State;

/// <summary>Reads what <see cref="ContainerRecordWriter"/> wrote.</summary>
public static class ContainerRecordReader
{
    /// <summary>The record in the bytes of its file. Facts of a later version are passed over.</summary>
    /// <exception cref="ContainerException">The bytes are no record, or not the whole of one.</exception>
    public static ContainerRecord Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Parse(Encoding.UTF8.GetString(bytes).Split('\n'));
        }
        catch (Exception e)
            when (e is FormatException or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            throw new ContainerException("the container's record is damaged (delete the container by force)", e);
        }
    }

    /// <summary>The last whole record in bytes that have several, one behind the other.</summary>
    /// <exception cref="ContainerException">There is none.</exception>
    public static ContainerRecord ReadLast(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> end = "\n.\n"u8;
        int last = bytes.LastIndexOf(end);
        ReadOnlySpan<byte> whole = last < 0 ? [] : bytes[..(last + end.Length)];
        int before = last < 0 ? -1 : bytes[..last].LastIndexOf(end);
        return Read(before < 0 ? whole : whole[(before + end.Length)..]);
    }

    private static ContainerRecord Parse(string[] lines)
    {
        // The last line ends, too.
        if (lines.Length < 2 || lines[^1].Length != 0 || lines[^2] != ".")
        {
            throw new FormatException();
        }

        Dictionary<string, string[]> single = [];
        List<CgroupPlace> cgroups = [];
        Dictionary<string, string> annotations = [];
        List<RemainingStep> remaining = [];
        foreach (string line in lines.AsSpan(0, lines.Length - 2))
        {
            string[] fields = Fields(line);
            switch (fields[0])
            {
                case "cgroup":
                    cgroups.Add(Place(fields));
                    break;
                case "annotation":
                    annotations[fields[1]] = fields[2];
                    break;
                case "remaining":
                    remaining.Add(new RemainingStep(Int32(fields[1]), fields[2]));
                    break;
                default:
                    single[fields[0]] = fields;
                    break;
            }
        }

        return new ContainerRecord
        {
            Id = ContainerId.Parse(Field(single, "id", 1)),
            OciVersion = Field(single, "oci-version", 1),
            Bundle = Field(single, "bundle", 1),
            Rootfs = Field(single, "rootfs", 1),
            RootPlace = single.ContainsKey("root-place") ? Field(single, "root-place", 1) : null,
            Created = new DateTimeOffset(Int64(Field(single, "created", 1)), TimeSpan.Zero),
            Owner = checked((uint)Int64(Field(single, "owner", 1))),
            ProcessId = Int32(Field(single, "process", 1)),
            ProcessStartTime = (ulong)Int64(Field(single, "process", 2)),
            PidFile = single.ContainsKey("pid-file") ? Field(single, "pid-file", 1) : null,
            HasHooks = single.ContainsKey("hooks"),
            HasNoProcess = single.ContainsKey("no-process"),
            Cgroups = cgroups,
            Resctrl = single.TryGetValue("resctrl", out string[]? place)
                ? new ResctrlPlace(place[1], place[2], Int32(place[3]) != 0, Int32(place[4]) != 0, place[5])
                : null,
            Unit = single.ContainsKey("systemd-unit")
                ? new SystemdUnit(Field(single, "systemd-unit", 1), Field(single, "systemd-unit", 2) == "user")
                : null,
            Annotations = annotations,
            Remaining = remaining,
        };
    }

    /// <summary>The fact that a line is about, and what it says of it.</summary>
    internal static string[] Fields(string line)
    {
        string[] fields = line.Split('\t');
        for (int i = 1; i < fields.Length; i++)
        {
            fields[i] = Plain(fields[i]);
        }

        return fields;
    }

    /// <summary>
    /// What a line says of a cgroup. Directories are removed by it: it must not lead out of the hierarchy, or further up than
    /// the path is long.
    /// </summary>
    /// <exception cref="FormatException">It does, or a number is none.</exception>
    /// <exception cref="IndexOutOfRangeException">Fields are missing.</exception>
    internal static CgroupPlace Place(string[] fields)
    {
        CgroupPlace place = new(fields[1], fields[2], fields[3], Int32(fields[4]));
        string[] components = place.Path.Split('/');
        return place.MountPoint.StartsWith('/') && !components.Contains("..") && place.Made <= components.Length
            ? place
            : throw new FormatException();
    }

    private static string Field(Dictionary<string, string[]> lines, string fact, int index) =>
        lines.TryGetValue(fact, out string[]? fields) ? fields[index] : throw new FormatException();

    private static int Int32(string field) => int.Parse(field, NumberStyles.None, CultureInfo.InvariantCulture);

    private static long Int64(string field) => long.Parse(field, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Plain(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        StringBuilder plain = new(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            _ =
                field[i] != '\\'
                    ? plain.Append(field[i])
                    : plain.Append(
                        field[++i] switch
                        {
                            't' => '\t',
                            'n' => '\n',
                            char other => other,
                        }
                    );
        }

        return plain.ToString();
    }
}
