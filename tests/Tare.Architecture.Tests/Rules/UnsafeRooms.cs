using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Tare.Architecture.Tests.Rules;

/// <summary>unsafe stands only in Interop/, Abi/ and files named *.Unsafe.cs.</summary>
public sealed class UnsafeRooms : ISourceRule
{
    public IEnumerable<string> Complaints(SourceFile file)
    {
        if (
            !(file.IsIn("src") || file.IsIn("apps"))
            || file.Folders.Any(folder => folder is "Interop" or "Abi")
            || file.FileName.EndsWith(".Unsafe.cs", StringComparison.Ordinal)
        )
        {
            return [];
        }

        return file
            .Syntax.DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.UnsafeKeyword))
            .Select(token => file.At(token, "unsafe outside its rooms"));
    }
}
