using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tare.Architecture.Tests.Rules;

/// <summary>A folder is a kernel concept or a step of the pipeline, a type says what it is: never Utils, Helpers, Common, Managers.</summary>
public sealed class TellingNames : ISourceRule
{
    private static readonly string[] Empty =
    [
        "Util",
        "Utils",
        "Utilities",
        "Helper",
        "Helpers",
        "Common",
        "Manager",
        "Managers",
        "Misc",
    ];

    public IEnumerable<string> Complaints(SourceFile file)
    {
        foreach (
            string folder in file.Folders.Where(folder => Empty.Contains(folder, StringComparer.OrdinalIgnoreCase))
        )
        {
            yield return $"{file.Path}: the folder {folder} says nothing";
        }

        foreach (BaseTypeDeclarationSyntax type in file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
        {
            string name = type.Identifier.Text;
            if (Empty.Any(word => name.EndsWith(word, StringComparison.Ordinal)))
            {
                yield return file.At(type, $"the name {name} says nothing");
            }
        }
    }
}
