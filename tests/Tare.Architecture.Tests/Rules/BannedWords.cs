using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Tare.Architecture.Tests.Rules;

/// <summary>A second net under eng/BannedSymbols.txt, which compilers of apps, tests and benchmarks do not see.</summary>
public sealed class BannedWords : ISourceRule
{
    private static readonly (string Name, string Member, string[] Areas, string Reason)[] Members =
    [
        ("Thread", "Sleep", ["src", "apps", "samples", "tests", "benchmarks"], "wait for what happens, not for time"),
        ("Task", "Delay", ["src", "apps", "samples", "tests", "benchmarks"], "wait for what happens, not for time"),
        ("Console", "", ["src"], "libraries neither log nor print"),
        ("Process", "Start", ["src", "apps", "samples"], "every launch goes through Tare.Launch"),
        ("DateTime", "Now", ["src", "apps"], "time comes from TimeProvider"),
        ("DateTime", "UtcNow", ["src", "apps"], "time comes from TimeProvider"),
    ];

    public IEnumerable<string> Complaints(SourceFile file) => MemberComplaints(file).Concat(CommentComplaints(file));

    private static IEnumerable<string> MemberComplaints(SourceFile file)
    {
        foreach (
            MemberAccessExpressionSyntax access in file.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
        )
        {
            string left = access.Expression.ToString();
            string right = access.Name.Identifier.Text;
            foreach ((string name, string member, string[] areas, string reason) in Members)
            {
                if (
                    (left == name || left.EndsWith("." + name, StringComparison.Ordinal))
                    && (member.Length == 0 || member == right)
                    && areas.Any(file.IsIn)
                )
                {
                    yield return file.At(access, $"{left}.{right}: {reason}");
                }
            }
        }

        foreach (SyntaxToken token in file.Syntax.DescendantTokens())
        {
            if (token.IsKind(SyntaxKind.IdentifierToken) && token.Text == "NotImplementedException")
            {
                yield return file.At(token, "NotImplementedException: what is not there is not offered");
            }
        }
    }

    private static IEnumerable<string> CommentComplaints(SourceFile file)
    {
        foreach (SyntaxTrivia comment in file.Syntax.DescendantTrivia())
        {
            string text = comment.ToString();
            if (
                (
                    comment.IsKind(SyntaxKind.SingleLineCommentTrivia)
                    || comment.IsKind(SyntaxKind.MultiLineCommentTrivia)
                )
                && (text.Contains("TODO", StringComparison.Ordinal) || text.Contains("FIXME", StringComparison.Ordinal))
            )
            {
                yield return file.At(comment.Token, $"unfinished: {text}");
            }
        }
    }
}
