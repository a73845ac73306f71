using System.Globalization;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.HostView.Changes;

/// <summary>
/// A <see cref="ChangeSet"/> as text: a line for each part and change, its fields separated by tabs, the last line a full
/// stop. Paths are bytes and stand in hexadecimal. Nobody else reads it.
/// </summary>
public static class ChangeSetText
{
    private const string Nothing = "-";
    private const string End = ".";

    /// <summary>The bytes of a file.</summary>
    public static byte[] Write(ChangeSet set)
    {
        StringBuilder text = new();
        Line(text, "since", Time(set.Since));
        foreach (ChangedPart part in set.Parts)
        {
            Line(text, "part", Path(part.Path), Path(part.Source), part.Layer);
        }

        foreach (Change change in set.Changes)
        {
            Line(
                text,
                "change",
                Number(change.Part),
                Path(change.Path),
                Number((int)change.Kind),
                Number((int)change.Aspects),
                Facts(change.Before),
                Facts(change.After),
                change.MovedFrom is { } from ? Path(from) : Nothing,
                change.LinkTo is { } link ? Path(link) : Nothing,
                change.IsStale ? "stale" : Nothing
            );
        }

        foreach (ReplacedDirectory directory in set.Replaced)
        {
            Line(text, "replaced", Number(directory.Part), Path(directory.Path));
        }

        Line(text, End);
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="ContainerException">The bytes are not the whole of one.</exception>
    public static ChangeSet Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Parse(Encoding.ASCII.GetString(bytes).Split('\n'));
        }
        catch (Exception e)
            when (e is FormatException or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            throw new ContainerException("the list of changes is damaged (drop them: tare try --resume ID --drop)", e);
        }
    }

    private static ChangeSet Parse(string[] lines)
    {
        if (lines.Length < 2 || lines[^1].Length != 0 || lines[^2] != End)
        {
            throw new FormatException();
        }

        FileTime since = default;
        List<ChangedPart> parts = [];
        List<Change> changes = [];
        List<ReplacedDirectory> replaced = [];
        foreach (string line in lines.AsSpan(0, lines.Length - 2))
        {
            string[] fields = line.Split('\t');
            switch (fields[0])
            {
                case "since":
                    since = ParseTime(fields[1]);
                    break;
                case "part":
                    parts.Add(
                        new ChangedPart(ParsePath(fields[1]).ToString(), ParsePath(fields[2]).ToString(), fields[3])
                    );
                    break;
                case "change":
                    changes.Add(ParseChange(fields));
                    break;
                case "replaced":
                    replaced.Add(
                        new ReplacedDirectory(int.Parse(fields[1], CultureInfo.InvariantCulture), ParsePath(fields[2]))
                    );
                    break;
                default:
                    throw new FormatException();
            }
        }

        return new ChangeSet
        {
            Parts = parts,
            Since = since,
            Changes = changes,
            Replaced = replaced,
        };
    }

    private static Change ParseChange(string[] fields) =>
        new()
        {
            Part = int.Parse(fields[1], CultureInfo.InvariantCulture),
            Path = ParsePath(fields[2]),
            Kind = (ChangeKind)int.Parse(fields[3], CultureInfo.InvariantCulture),
            Aspects = (ChangeAspects)int.Parse(fields[4], CultureInfo.InvariantCulture),
            Before = ParseFacts(fields[5]),
            After = ParseFacts(fields[6]),
            MovedFrom = fields[7] == Nothing ? (BytePath?)null : ParsePath(fields[7]),
            LinkTo = fields[8] == Nothing ? (BytePath?)null : ParsePath(fields[8]),
            IsStale = fields[9] != Nothing,
        };

    private static void Line(StringBuilder text, params ReadOnlySpan<string> fields) =>
        text.AppendJoin('\t', fields).Append('\n');

    private static string Path(BytePath path) => "x" + Convert.ToHexString(path.Bytes);

    private static BytePath ParsePath(string text) => BytePath.FromBytes(Convert.FromHexString(text.AsSpan(1)));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(FileTime time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.Seconds}:{time.Nanoseconds}");

    private static FileTime ParseTime(string text)
    {
        string[] fields = text.Split(':');
        return new FileTime(
            long.Parse(fields[0], CultureInfo.InvariantCulture),
            uint.Parse(fields[1], CultureInfo.InvariantCulture)
        );
    }

    private static string Facts(FileFacts? facts) =>
        facts is null
            ? Nothing
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{(uint)facts.Mode} {facts.Uid} {facts.Gid} {facts.Size} {facts.Inode} {facts.LinkCount} {facts.Device.Major} {facts.Device.Minor} {Time(facts.Modified)} {Time(facts.Changed)}"
            );

    private static FileFacts? ParseFacts(string text)
    {
        if (text == Nothing)
        {
            return null;
        }

        string[] fields = text.Split(' ');
        return new FileFacts
        {
            Mode = (FileModes)Unsigned(0),
            Uid = Unsigned(1),
            Gid = Unsigned(2),
            Size = long.Parse(fields[3], CultureInfo.InvariantCulture),
            Inode = ulong.Parse(fields[4], CultureInfo.InvariantCulture),
            LinkCount = Unsigned(5),
            Device = new DeviceNumber(Unsigned(6), Unsigned(7)),
            Modified = ParseTime(fields[8]),
            Changed = ParseTime(fields[9]),
        };

        uint Unsigned(int field) => uint.Parse(fields[field], CultureInfo.InvariantCulture);
    }
}
