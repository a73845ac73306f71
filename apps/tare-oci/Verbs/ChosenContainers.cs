using System.Text.RegularExpressions;
using Tare.OciCli.CommandLine;
using Tare.Runtime.State;

namespace Tare.OciCli.Verbs;

/// <summary>The containers that a command is about: one, or with <c>--regex</c> all whose names match.</summary>
internal static class ChosenContainers
{
    /// <summary>Their names, in order.</summary>
    /// <exception cref="UsageException">It is no regular expression.</exception>
    public static IReadOnlyList<ContainerId> Of(Arguments arguments, StateStore store)
    {
        string word = arguments.Words[0];
        if (!arguments.Has("regex"))
        {
            return [ContainerId.Parse(word)];
        }

        try
        {
            Regex regex = new(word);
            return [.. store.List().Where(id => regex.IsMatch(id.Text))];
        }
        catch (RegexParseException e)
        {
            throw new UsageException($"'{word}' is no regular expression: {e.Message}");
        }
    }
}
