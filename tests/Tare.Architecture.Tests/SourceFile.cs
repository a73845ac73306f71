using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tare.Architecture.Tests;

/// <summary>A C# file: its path from the repository's root, its text and its syntax.</summary>
public sealed record SourceFile(string Path, string Text)
{
    private readonly Lazy<SyntaxNode> _syntax = new(() =>
        CSharpSyntaxTree.ParseText(Text, new CSharpParseOptions(LanguageVersion.Latest)).GetRoot()
    );

    public SyntaxNode Syntax => _syntax.Value;

    public string FileName => System.IO.Path.GetFileName(Path);

    public IEnumerable<string> Folders => Path.Split('/')[..^1];

    public bool IsIn(string area) => Path.StartsWith(area + "/", StringComparison.Ordinal);

    /// <summary>A complaint about a place in the file, as a compiler would print it.</summary>
    public string At(SyntaxNodeOrToken place, string complaint) =>
        $"{Path}({place.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1}): {complaint}";
}
