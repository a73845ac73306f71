using System.Text;
using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Completion;

/// <summary>Completion for bash, by its own means alone. bash(1), "Programmable Completion".</summary>
internal static class BashCompletion
{
    // Walks what was typed as the program's own parser does, and says what can stand at the end.
    private const string Walk = """
        _tare_oci() {
            local word=${COMP_WORDS[COMP_CWORD]} command= options= valued= first= at place=0 kind
            local -a places=() root=()
            COMPREPLY=()
            _tare_oci_table ""
            for ((at = 1; at < COMP_CWORD; at++)); do
                local given=${COMP_WORDS[at]} value=
                if [[ $given == -?* ]]; then
                    if [[ ${COMP_WORDS[at + 1]} == = ]]; then
                        ((at += 2)); value=${COMP_WORDS[at]}
                    elif [[ " $valued " == *" $given "* ]]; then
                        ((at += 1)); value=${COMP_WORDS[at]}
                    fi
                    [[ -z $command && ( $given == --root || $given == -root ) ]] && root=(--root "$value")
                elif [[ -z $command ]]; then
                    command=$given
                    _tare_oci_table "$command" || return
                else
                    ((place++))
                fi
            done
            # The value of an option, or another program's words: names of files, which bash completes itself.
            if ((at > COMP_CWORD)) || [[ -n $first && $place -gt 0 ]]; then
                return
            fi
            if [[ $word == -* ]]; then
                COMPREPLY=($(compgen -W "$options" -- "$word"))
                return
            fi
            kind=${places[place]}
            case $kind in
            @container)
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "${root[@]}" list --quiet 2>/dev/null)" -- "$word")) ;;
            @*) ;;
            *)
                COMPREPLY=($(compgen -W "$kind" -- "$word")) ;;
            esac
        }
        complete -o default -F _tare_oci tare-oci

        """;

    /// <summary>The script.</summary>
    public static string Write()
    {
        StringBuilder script = new();
        script.Append("# Completion of tare-oci for bash: . <(tare-oci completion bash)\n");
        script.Append("_tare_oci_table() {\n    case $1 in\n");
        foreach (Command command in WordKinds.All())
        {
            Append(script, command);
        }

        script.Append("    *) return 1 ;;\n    esac\n}\n").Append(Walk);
        return script.ToString();
    }

    private static void Append(StringBuilder script, Command command)
    {
        bool isProgram = command.Name.Length == 0;
        IEnumerable<string> places = isProgram ? [string.Join(' ', CommandTable.Names)] : WordKinds.Of(command);
        script.Append(isProgram ? "    \"\")\n" : $"    {command.Name})\n");
        script.Append($"        options=\"{string.Join(' ', WordKinds.Shown(command).Select(o => $"--{o.Name}"))}\"\n");
        script.Append($"        valued=\"{string.Join(' ', WordKinds.Valued(command))}\"\n");
        script.Append($"        first={(command.OptionsFirst && !isProgram ? "1" : "")}\n");
        script.Append($"        places=({string.Join(' ', places.Select(kind => $"\"{kind}\""))}) ;;\n");
    }
}
