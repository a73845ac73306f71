using System.Globalization;
using Tare.Linux;

namespace Tare.Runtime.CopyUp;

/// <summary>
/// Copying as a program: what a container's tmpfs begins with is copied by the root of the container's user namespace,
/// because nobody else may make files there. The runtime executes its own program for it, whose first word
/// <see cref="Word"/> is then; such a program calls <see cref="Run"/> and nothing else.
/// </summary>
public static class CopyUpProgram
{
    /// <summary>The first word of the program's arguments.</summary>
    public const string Word = "copy-up";

    /// <summary>Copies.</summary>
    /// <param name="words">
    /// Behind <see cref="Word"/>: the descriptors of the source and of the target, the target's place in the container, the
    /// most bytes to copy, what the target's own directory takes over.
    /// </param>
    /// <returns>What went wrong; null if nothing did.</returns>
    public static string? Run(ReadOnlySpan<string> words)
    {
        if (
            words.Length != 5
            || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int source)
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int target)
            || !long.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            || !int.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out int root)
        )
        {
            return $"{Word}: is for the runtime itself";
        }

        try
        {
            using FileFd from = DescriptorTable.Adopt(source).OrThrow("take over", words[2]);
            using FileFd to = DescriptorTable.Adopt(target).OrThrow("take over", words[2]);
            TreeCopy.Run(from, to, words[2], limit, (CopiedRoot)root);
            return null;
        }
        catch (KernelException e)
        {
            return e.Message;
        }
    }

    /// <summary>The arguments that <see cref="Run"/> understands, and the program's own name before them.</summary>
    internal static string[] Arguments(FileFd source, FileFd target, string path, long limit, CopiedRoot root) =>
        [
            "tare-oci",
            Word,
            source.Number.ToString(CultureInfo.InvariantCulture),
            target.Number.ToString(CultureInfo.InvariantCulture),
            path,
            limit.ToString(CultureInfo.InvariantCulture),
            ((int)root).ToString(CultureInfo.InvariantCulture),
        ];
}
