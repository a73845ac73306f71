using System.Globalization;
using System.Text;

namespace Tare.Cli.Inspecting;

/// <summary>Writes the few elements of SVG that a drawing of boxes and texts takes. Whatever texts hold, the XML is valid.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder body = new();

    /// <summary>A box.</summary>
    /// <param name="x">The left edge.</param>
    /// <param name="y">The upper edge.</param>
    /// <param name="width">The width.</param>
    /// <param name="height">The height.</param>
    /// <param name="style">The class.</param>
    /// <param name="hint">What is told where the pointer rests on it; null for nothing.</param>
    public void Box(double x, double y, double width, double height, string style, string? hint = null)
    {
        body.Append(
            CultureInfo.InvariantCulture,
            $"  <rect class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\""
        );
        _ = hint is null
            ? body.Append("/>\n")
            : body.Append("><title>").Append(Escape(hint)).Append("</title></rect>\n");
    }

    /// <summary>A line of text.</summary>
    /// <param name="x">Where it begins, or ends.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="text">The text.</param>
    /// <param name="style">The class.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c>, <c>end</c>.</param>
    public void Text(double x, double y, string text, string style = "t", string anchor = "start") =>
        body.Append(
            CultureInfo.InvariantCulture,
            $"  <text class=\"{style}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Escape(text)}</text>\n"
        );

    /// <summary>The whole document.</summary>
    /// <param name="width">The drawing's width.</param>
    /// <param name="height">The drawing's height.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="styles">The classes, as CSS.</param>
    public string Finish(double width, double height, string title, string styles) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:0} {height:0}\">\n  <title>{Escape(title)}</title>\n  <style>{styles}</style>\n"
        )
        + body
        + "</svg>\n";

    /// <summary>The text as XML has it. Characters that XML cannot hold have been made visible before.</summary>
    private static string Escape(string text) =>
        Visible
            .Of(text)
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);
}
