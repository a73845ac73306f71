using System.Collections.Immutable;

namespace CodeJudge;

/// <summary>How programs of a language are compiled and run. A compiler reads standard input and writes the program to its output.</summary>
/// <param name="Extension">Of file names.</param>
/// <param name="Compiler">The compiler's words, or none.</param>
/// <param name="Interpreter">What runs the program, or nothing.</param>
internal sealed record Language(string Extension, ImmutableArray<string> Compiler, string? Interpreter)
{
    private static readonly string[] Folders = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>All there are.</summary>
    public static ImmutableArray<Language> All { get; } =
    [
        new(".sh", [], "/bin/sh"),
        new(".py", [], "/usr/bin/python3"),
        new(".c", ["/bin/sh", "-c", "gcc -O1 -x c - -o /tmp/program && cat /tmp/program"], null),
    ];

    /// <summary>What it needs is installed.</summary>
    public bool IsHere =>
        Interpreter is not null ? File.Exists(Interpreter) : Folders.Any(folder => File.Exists($"{folder}/gcc"));
}
