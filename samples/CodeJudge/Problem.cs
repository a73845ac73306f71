using System.Collections.Immutable;

namespace CodeJudge;

/// <summary>Two numbers are read, and a function of both is to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">The function, in a notation that all languages here share.</param>
/// <param name="Cases">Inputs, and what is expected.</param>
internal sealed record Problem(string Name, string Expression, ImmutableArray<(string Input, string Expected)> Cases)
{
    /// <summary>All there are.</summary>
    public static ImmutableArray<Problem> All { get; } =
    [
        Of("sum", "a + b", (a, b) => a + b),
        Of("difference", "a - b", (a, b) => a - b),
        Of("product", "a * b", (a, b) => a * b),
        Of("polynomial", "a * a + 3 * b", (a, b) => (a * a) + (3 * b)),
    ];

    private static Problem Of(string name, string expression, Func<int, int, int> function) =>
        new(name, expression, [Case(function, 7, 5), Case(function, -30, 1000)]);

    private static (string, string) Case(Func<int, int, int> function, int a, int b) =>
        ($"{a} {b}\n", $"{function(a, b)}");
}
