using System.Globalization;
using Tare.Linux;
using Tare.Processes;

namespace Tare.Cli.Inspecting;

/// <summary>The memory of a process and a summary of the rest, as a drawing.</summary>
internal static class InspectionSvg
{
    private const int DrawnBands = 24;
    private const double Width = 1180;
    private const double Top = 64;
    private const double Left = 134;
    private const double Inside = 320;
    private const double BarLeft = Left + Inside + 12;
    private const double Bar = 90;
    private const double Summary = 730;
    private const double Line = 16;
    private const int SummaryWidth = 66;
    private const int LinesOfValue = 6;

    // As wide as a character of 11 pixels is in the fonts that the style asks for.
    private const double Character = 6.7;

    private const string Styles = """

        text{font:12px ui-monospace,SFMono-Regular,Menlo,monospace;fill:#1f2328}
        .h{font-size:17px;font-weight:600}.g{font-weight:600}.a,.m,.s{font-size:11px;fill:#57606a}
        rect{stroke:#57606a;stroke-width:1}.paper{fill:#fff;stroke:none}
        .kernel{fill:#eaeef2}.stack{fill:#ddf4ff}.vdso{fill:#eaeef2}.library{fill:#fff8c5}.file{fill:#f6f8fa}
        .anonymous{fill:#fff}.shared{fill:#fbefff}.heap{fill:#ffebe9}.program{fill:#dafbe1}.folded{fill:#f6f8fa}
        .gap{fill:#fff;stroke-dasharray:4 4}.own{fill:#0969da;stroke:none}.common{fill:#54aeff66;stroke:none}

        """;

    /// <summary>The drawing.</summary>
    public static string Format(Inspection inspection)
    {
        SvgWriter svg = new();
        ProcessSnapshot process = inspection.Process;
        string title = $"process {process.ProcessId}: {Visible.Of(process.Name)}";

        // The paper is as high as what is on it, which is known only afterwards: it is measured first.
        double height = Math.Max(Draw(new SvgWriter(), inspection), Tell(new SvgWriter(), inspection)) + 28;
        svg.Box(0, 0, Width, height, "paper");
        svg.Text(20, 32, title, "h");
        svg.Text(20, 50, "its memory, from high to low addresses", "m");
        svg.Box(BarLeft, 40, 12, 10, "own");
        svg.Text(BarLeft + 17, 49, "in memory, private", "m");
        svg.Box(BarLeft + 142, 40, 12, 10, "common");
        svg.Text(BarLeft + 159, 49, "shared", "m");
        Draw(svg, inspection);
        Tell(svg, inspection);
        return svg.Finish(Width, height, title, Styles);
    }

    // Both give how far down they came.
    private static double Draw(SvgWriter svg, Inspection inspection)
    {
        if (inspection.Memory is not { } layout)
        {
            svg.Text(20, Top + 20, inspection.Or(null, "none: it is a thread of the kernel's, or has ended"));
            return Top + 20;
        }

        IReadOnlyList<MemoryBand> bands = MemoryDrawing.Of(layout, inspection.Process.ExecutablePath, DrawnBands);
        double y = Top;
        for (int i = 0; i < bands.Count; i++)
        {
            MemoryBand band = bands[i];
            if (band.Kind != BandKind.Kernel)
            {
                Address(svg, y, band.End);
            }

            double height = HeightOf(band);
            svg.Box(Left, y, Inside, height, ClassOf(band.Kind), HintOf(band));
            Label(svg, y, height, band, bands, i);
            y += height;
            if (i + 1 == bands.Count || (bands[i + 1].End != band.Start && band.Kind != BandKind.Kernel))
            {
                Address(svg, y, band.Start);
            }

            y += i + 1 < bands.Count && bands[i + 1].End != band.Start ? Line : 0;
        }

        return y;
    }

    private static void Label(
        SvgWriter svg,
        double y,
        double height,
        MemoryBand band,
        IReadOnlyList<MemoryBand> bands,
        int index
    )
    {
        if (band.Kind is BandKind.Kernel or BandKind.Gap)
        {
            string growth =
                index > 0 && bands[index - 1].Kind == BandKind.Stack ? "  ↓ the stack grows"
                : index + 1 < bands.Count && bands[index + 1].Kind == BandKind.Heap ? "  ↑ the heap grows"
                : "";
            string text =
                band.Kind == BandKind.Kernel ? "the kernel's" : $"{Words.Size((long)band.Length)} with nothing{growth}";
            svg.Text(Left + (Inside / 2), y + (height / 2) + 4, text, "m", "middle");
            return;
        }

        double line = y + Line + 1;
        Row(svg, line, MemoryDrawing.ShortName(band.Name), band.Mapped, band.Usage, "t");
        if (HasSegments(band))
        {
            foreach ((MemoryRegionKind kind, IReadOnlyList<MemoryRegion> regions) in band.Segments)
            {
                line += Line;
                string name = $"  {MemoryText.NameOf(kind)} {MemoryText.Permissions(regions[0].Mapping)}";
                Row(
                    svg,
                    line,
                    name,
                    regions.Sum(region => (long)region.Mapping.Length),
                    MemoryLayout.SumOf(regions),
                    "s"
                );
            }
        }
    }

    private static void Row(SvgWriter svg, double line, string name, long size, MappingUsage? usage, string style)
    {
        const int longest = 32;
        svg.Text(Left + (style == "s" ? 22 : 8), line, Cut(name.Trim(), longest), style);
        svg.Text(Left + Inside - 8, line, Words.Size(size), style, "end");
        if (usage is null || usage.Resident == 0)
        {
            return;
        }

        double own = Bar * usage.Private / usage.Resident;
        svg.Box(BarLeft, line - 9, own, 10, "own");
        svg.Box(BarLeft + own, line - 9, Bar - own, 10, "common");
        svg.Text(BarLeft + Bar + 8, line, $"{Words.Size(usage.Private)}, {Words.Size(usage.Shared)}", "s");
    }

    private static double Tell(SvgWriter svg, Inspection inspection)
    {
        double y = 32;
        foreach (FactGroup group in InspectionFacts.Of(inspection, brief: true))
        {
            svg.Text(Summary, y, group.Title, "g");
            int names = group.Facts.Max(fact => fact.Name.Length) + 2;
            foreach ((string name, string value) in group.Facts)
            {
                svg.Text(Summary, y + Line, name.Trim(), "m");
                foreach (string line in Wrapped(value, SummaryWidth - names))
                {
                    y += Line;
                    svg.Text(Summary + (names * Character), y, line, "s");
                }
            }

            y += Line * 1.6;
        }

        svg.Text(
            Summary,
            y,
            $"threads: {inspection.Process.ThreadCount}   open files: {inspection.Process.OpenFiles?.Count.ToString(CultureInfo.InvariantCulture) ?? inspection.Or(null)}",
            "g"
        );
        return y;
    }

    // Between words where there are any; --json tells in full what takes more lines than there are.
    private static IEnumerable<string> Wrapped(string text, int width)
    {
        string rest = text;
        for (int i = 1; rest.Length > width && i < LinesOfValue; i++)
        {
            int blank = rest.LastIndexOf(' ', width);
            int end = blank > 0 ? blank : width;
            yield return rest[..end];
            rest = rest[end..].TrimStart(' ');
        }

        yield return Cut(rest, width);
    }

    private static string Cut(string text, int longest) =>
        text.Length <= longest ? text : string.Concat(text.AsSpan(0, longest - 1), "…");

    private static string ClassOf(BandKind kind) =>
        kind switch
        {
            BandKind.Kernel => "kernel",
            BandKind.Stack => "stack",
            BandKind.Vdso => "vdso",
            BandKind.Library => "library",
            BandKind.File => "file",
            BandKind.Anonymous => "anonymous",
            BandKind.Shared => "shared",
            BandKind.Heap => "heap",
            BandKind.Program => "program",
            BandKind.Folded => "folded",
            _ => "gap",
        };

    private static bool HasSegments(MemoryBand band) =>
        band.Kind == BandKind.Program || (band.Kind == BandKind.Library && band.Regions.Count > 1);

    // Sizes differ by factors of a billion: heights are their logarithms.
    private static double HeightOf(MemoryBand band)
    {
        double text = 26 + (HasSegments(band) ? Line * band.Segments.Count() : 0);
        double size = band.Kind == BandKind.Kernel ? 1 : Math.Max(band.Length, 4096);
        return text + (band.Kind is BandKind.Kernel or BandKind.Gap ? 4 : Math.Min(1.5 * Math.Log2(size / 4096), 30));
    }

    private static string? HintOf(MemoryBand band) =>
        band.Kind is BandKind.Kernel or BandKind.Gap
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{band.Start:x}-{band.End:x} {Visible.Of(band.Name)}");

    private static void Address(SvgWriter svg, double y, ulong address) =>
        svg.Text(Left - 8, y + 4, address.ToString("x", CultureInfo.InvariantCulture), "a", "end");
}
