using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Tare.Cli.Reporting;
using Tare.Runtime.HostView.Changes;

namespace Tare.Cli.Trying;

/// <summary>The changes that are kept, on standard output; those that another call works with are not.</summary>
internal static class KeptList
{
    /// <summary>Writes it.</summary>
    public static void Write(KeptViews views, bool json)
    {
        IReadOnlyList<KeptView> all = views.OpenAll();
        try
        {
            if (json)
            {
                Output.Write(Json(all));
            }
            else if (all.Count > 0)
            {
                Tables.Write(Table(all));
            }
        }
        finally
        {
            foreach (KeptView view in all)
            {
                view.Dispose();
            }
        }
    }

    private static Table Table(IReadOnlyList<KeptView> all)
    {
        Table table = Tables.Plain(4);
        foreach (KeptView view in all)
        {
            string created =
                view.Record?.Created.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
            string state = view.IsRefused ? "applied in part" : $"exit {view.ExitCode}";
            string command = string.Join(' ', view.Record?.Command ?? []);
            table.AddRow(new Text(view.Id), new Text(created), new Text(state), new Text(Visible.Of(command)));
        }

        return table;
    }

    private static string Json(IReadOnlyList<KeptView> all)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartArray();
            foreach (KeptView view in all)
            {
                json.WriteStartObject();
                json.WriteString("id", view.Id);
                json.WriteString("path", view.Path);
                json.WriteString("created", view.Record?.Created ?? default);
                json.WriteNumber("exitCode", view.ExitCode ?? 0);
                json.WriteBoolean("appliedInPart", view.IsRefused);
                json.WriteStartArray("command");
                foreach (string word in view.Record?.Command ?? [])
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
