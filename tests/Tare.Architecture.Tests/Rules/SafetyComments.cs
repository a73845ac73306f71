using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tare.Architecture.Tests.Rules;

/// <summary>Each unsafe block, and each unsafe member with a body, says why it holds: <c>// SAFETY:</c>. No type is unsafe as a whole.</summary>
public sealed class SafetyComments : ISourceRule
{
    private const string Mark = "// SAFETY:";

    public IEnumerable<string> Complaints(SourceFile file)
    {
        if (!(file.IsIn("src") || file.IsIn("apps")))
        {
            yield break;
        }

        foreach (
            SyntaxToken token in file.Syntax.DescendantTokens().Where(token => token.IsKind(SyntaxKind.UnsafeKeyword))
        )
        {
            SyntaxNode owner = token.Parent!;
            if (owner is BaseTypeDeclarationSyntax)
            {
                yield return file.At(token, "a whole type is unsafe: mark its members");
            }
            else if (HasBody(owner) && !owner.ToFullString().Contains(Mark, StringComparison.Ordinal))
            {
                yield return file.At(token, $"unsafe without '{Mark}'");
            }
        }
    }

    private static bool HasBody(SyntaxNode owner) =>
        owner.DescendantNodesAndSelf().Any(node => node is BlockSyntax or ArrowExpressionClauseSyntax);
}
