using Tare.Linux;

namespace Tare.Processes;

/// <summary>Finds what no filter can say.</summary>
internal static class SeccompChecks
{
    /// <summary>Checks a rule.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or an argument's index is not 0 to 5.</exception>
    public static void Check(CallRule rule, string parameter)
    {
        foreach (string name in rule.Names)
        {
            if (name is null || !CallNumbers.Has(name))
            {
                throw new ArgumentException($"'{name}' is no system call", parameter);
            }
        }

        foreach (ArgumentCondition condition in rule.Conditions)
        {
            if (condition is null || condition.Index is < 0 or > 5 || !Enum.IsDefined(condition.Comparison))
            {
                throw new ArgumentException("a system call has arguments 0 to 5, compared in known ways", parameter);
            }
        }
    }
}
