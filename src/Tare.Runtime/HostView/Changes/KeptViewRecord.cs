using System.Globalization;
using System.Text;

namespace Tare.Runtime.HostView.Changes;

/// <summary>What is known about a view before anything runs in it.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Parts">What of the view can be written.</param>
/// <param name="Created">When it was made.</param>
public sealed record KeptViewRecord(
    IReadOnlyList<string> Command,
    IReadOnlyList<ChangedPart> Parts,
    DateTimeOffset Created
)
{
    /// <summary>The bytes of a file: a line for each fact, the last a full stop.</summary>
    internal byte[] Write()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"created\t{Created.UtcTicks}\n");
        foreach (string word in Command)
        {
            text.Append("word\t").Append(Hex(word)).Append('\n');
        }

        foreach (ChangedPart part in Parts)
        {
            text.Append("part\t")
                .AppendJoin('\t', Hex(part.Path), Hex(part.Source), part.Layer, part.Identity ?? "")
                .Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.Append(".\n").ToString());
    }

    /// <summary>Reads them; null where they are not the whole of a record.</summary>
    internal static KeptViewRecord? TryRead(ReadOnlySpan<byte> bytes)
    {
        string[] lines = Encoding.ASCII.GetString(bytes).Split('\n');
        if (lines.Length < 2 || lines[^2] != ".")
        {
            return null;
        }

        List<string> command = [];
        List<ChangedPart> parts = [];
        DateTimeOffset created = default;
        try
        {
            foreach (string line in lines.AsSpan(0, lines.Length - 2))
            {
                string[] fields = line.Split('\t');
                switch (fields[0])
                {
                    case "created":
                        created = new DateTimeOffset(
                            long.Parse(fields[1], CultureInfo.InvariantCulture),
                            TimeSpan.Zero
                        );
                        break;
                    case "word":
                        command.Add(Text(fields[1]));
                        break;
                    case "part":
                        parts.Add(
                            new ChangedPart(Text(fields[1]), Text(fields[2]), fields[3])
                            {
                                Identity = fields is [_, _, _, _, { Length: > 0 } identity] ? identity : null,
                            }
                        );
                        break;
                    default:
                        return null;
                }
            }
        }
        catch (Exception e)
            when (e is FormatException or OverflowException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }

        return new KeptViewRecord(command, parts, created);
    }

    private static string Hex(string text) => "x" + Convert.ToHexString(Encoding.UTF8.GetBytes(text));

    private static string Text(string hex) => Encoding.UTF8.GetString(Convert.FromHexString(hex.AsSpan(1)));
}
