using Tare.OciCli.CommandLine;
using Tare.OciCli.Completion;

namespace Tare.OciCli.Verbs;

/// <summary><c>completion</c>: what makes a shell complete this program's commands and options, of the table that it parses by.</summary>
internal static class CompletionCommand
{
    public static int Run(Arguments arguments)
    {
        string shell = arguments.Words[0];
        Output.Write(
            shell switch
            {
                "bash" => BashCompletion.Write(),
                "zsh" => ZshCompletion.Write(),
                "fish" => FishCompletion.Write(),
                _ => throw new UsageException($"no completion for the shell '{shell}' (there are bash, zsh and fish)"),
            }
        );
        return 0;
    }
}
