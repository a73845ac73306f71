using System.Text;
using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Completion;

/// <summary>Completion for zsh, by <c>_arguments</c>. zshcompsys(1).</summary>
internal static class ZshCompletion
{
    private const string Containers = """
        _tare-oci_containers() {
            local -a ids
            ids=(${(f)"$(${words_of_tare_oci[1]} ${root_of_tare_oci} list --quiet 2>/dev/null)"})
            compadd -a ids
        }

        """;

    private const string End = """
        if [[ $funcstack[1] == _tare-oci ]]; then
            _tare-oci "$@"
        else
            compdef _tare-oci tare-oci
        fi

        """;

    /// <summary>The script.</summary>
    public static string Write()
    {
        StringBuilder script = new();
        script.Append("#compdef tare-oci\n");
        script.Append(
            "# Completion of tare-oci for zsh: . <(tare-oci completion zsh), or a file _tare-oci in $fpath.\n"
        );
        script.Append(Containers);
        script.Append("_tare-oci() {\n");
        script.Append("    local context state state_descr line\n    typeset -A opt_args\n");
        script.Append("    local -a words_of_tare_oci root_of_tare_oci\n    words_of_tare_oci=($words)\n");
        script.Append("    _arguments -C -A '-*' \\\n");
        AppendOptions(script, CommandTable.Program(), "        ");
        script.Append("        '1:command:->command' \\\n        '*::argument:->argument'\n");
        script.Append("    [[ -n $opt_args[--root] ]] && root_of_tare_oci=(--root ${(Q)opt_args[--root]})\n");
        script.Append("    case $state in\n    command)\n        local -a commands=(\n");
        foreach (Command command in WordKinds.All().Skip(1))
        {
            script.Append($"            {Quote($"{command.Name}:{command.Summary}")}\n");
        }

        script.Append("        )\n        _describe command commands ;;\n    argument)\n        case $words[1] in\n");
        foreach (Command command in WordKinds.All().Skip(1))
        {
            Append(script, command);
        }

        script.Append("        esac ;;\n    esac\n}\n").Append(End);
        return script.ToString();
    }

    private static void Append(StringBuilder script, Command command)
    {
        script.Append(
            $"        {command.Name})\n            _arguments{(command.OptionsFirst ? " -A '-*'" : "")} \\\n"
        );
        AppendOptions(script, command, "                ");
        IReadOnlyList<string> kinds = WordKinds.Of(command);
        for (int i = 0; i < kinds.Count; i++)
        {
            string action = kinds[i] switch
            {
                WordKinds.Container => "container:_tare-oci_containers",
                WordKinds.File => "file:_files",
                WordKinds.Unknown => "argument: ",
                var words => $"argument:({words})",
            };
            script.Append($"                {Quote($"{i + 1}:{action}")} \\\n");
        }

        script.Append(command.OptionsFirst ? "                '*:argument:_files' ;;\n" : "                ;;\n");
    }

    private static void AppendOptions(StringBuilder script, Command command, string indent)
    {
        foreach (Option option in WordKinds.Shown(command))
        {
            string again = option.Kind == OptionKind.Texts ? "*" : "";
            string value = option.Kind == OptionKind.Flag ? "" : $":{Escape(option.Value)}:_files";
            string equals = option.Kind == OptionKind.Flag ? "" : "=";
            script.Append(indent).Append(Quote($"{again}--{option.Name}{equals}[{Escape(option.Help)}]{value}"));
            script.Append(" \\\n");
            if (option.Alias != '\0')
            {
                script.Append(indent).Append(Quote($"{again}-{option.Alias}[{Escape(option.Help)}]{value}"));
                script.Append(" \\\n");
            }
        }
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal)
            .Replace("]", "\\]", StringComparison.Ordinal)
            .Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
