namespace Tare.Fuzz.Fuzzing;

/// <summary>Inputs that each reach something that no other does: a line each of <c>tests/fuzz/corpus/NAME.txt</c>.</summary>
public static class Corpus
{
    /// <summary>Longer inputs are not kept.</summary>
    public const int Longest = 16 * 1024;

    /// <summary>Those of a target, from the work tree.</summary>
    /// <param name="folder">The folder that has the corpora.</param>
    /// <param name="target">The target's name.</param>
    public static List<byte[]> Read(string folder, string target) =>
        [.. File.ReadLines(Path.Combine(folder, target + ".txt")).Where(line => line.Length > 0).Select(Escapes.Read)];

    /// <summary>Writes them in the place of those that there are.</summary>
    public static void Write(string folder, string target, IEnumerable<byte[]> inputs) =>
        File.WriteAllLines(Path.Combine(folder, target + ".txt"), inputs.Select(input => Escapes.Write(input)));
}
