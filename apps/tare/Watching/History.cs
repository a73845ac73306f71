namespace Tare.Cli.Watching;

/// <summary>The last values of something, drawn as a plot over time.</summary>
internal sealed class History
{
    private const int Kept = 512;
    private const string Steps = " ▁▂▃▄▅▆▇█";
    private readonly List<double> values = [];

    /// <summary>The newest value; 0 where there is none.</summary>
    public double Newest => values.Count > 0 ? values[^1] : 0;

    /// <summary>The largest of the last values.</summary>
    public double Largest => values.Count > 0 ? values.Max() : 0;

    /// <summary>Adds the newest value.</summary>
    public void Add(double value)
    {
        if (values.Count == Kept)
        {
            values.RemoveAt(0);
        }

        values.Add(value);
    }

    /// <summary>Lines of eighths of blocks, the newest at the right; whatever is above zero is seen.</summary>
    /// <param name="width">Characters, a value each.</param>
    /// <param name="height">Lines.</param>
    /// <param name="top">The value that fills all lines.</param>
    public string[] Plot(int width, int height, double top)
    {
        string[] lines = new string[height];
        char[] line = new char[width];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                int at = values.Count - width + column;
                double value = at < 0 || top <= 0 ? 0 : Math.Clamp(values[at] / top, 0, 1);
                int eighths = value > 0 ? Math.Max((int)Math.Round(value * height * 8), 1) : 0;
                line[column] = Steps[Math.Clamp(eighths - ((height - 1 - row) * 8), 0, 8)];
            }

            lines[row] = new string(line);
        }

        return lines;
    }
}
