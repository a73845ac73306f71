using System.Text;
using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Completion;

/// <summary>Completion for fish. complete(1) of fish.</summary>
internal static class FishCompletion
{
    // The words that are no options and no values of them, and the state directory that was named.
    private const string Walk = """
        function __tare_oci_words
            set -l tokens (commandline -opc)
            set -l command ''
            set -l skip 0
            for token in $tokens[2..]
                if test $skip = 1
                    set skip 0
                else if string match -qr -- '^-.' $token
                    if __tare_oci_valued "$command" $token
                        set skip 1
                    end
                else
                    test -n "$command"; or set command $token
                    echo $token
                end
            end
        end
        function __tare_oci_at
            set -l words (__tare_oci_words)
            test (count $words) = $argv[2]; and test "$words[1]" = "$argv[1]"
        end
        function __tare_oci_in
            set -l words (__tare_oci_words)
            test "$words[1]" = "$argv[1]"
        end
        function __tare_oci_before
            set -l words (__tare_oci_words)
            test (count $words) -le $argv[2]; and test "$words[1]" = "$argv[1]"
        end
        function __tare_oci_containers
            set -l tokens (commandline -opc)
            set -l root
            for i in (seq (count $tokens))
                switch $tokens[$i]
                    case --root -root
                        set root --root $tokens[(math $i + 1)]
                    case '--root=*' '-root=*'
                        set root $tokens[$i]
                end
            end
            type -q $tokens[1]; and $tokens[1] $root list --quiet 2>/dev/null
        end
        complete -c tare-oci -f

        """;

    /// <summary>The script.</summary>
    public static string Write()
    {
        StringBuilder script = new();
        script.Append("# Completion of tare-oci for fish: tare-oci completion fish | source\n");
        script.Append("function __tare_oci_valued\n    switch $argv[1]\n");
        foreach (Command command in WordKinds.All())
        {
            string[] valued = [.. WordKinds.Valued(command)];
            script.Append($"        case '{command.Name}'\n            contains -- $argv[2]");
            script.Append(string.Concat(valued.Select(name => $" {name}"))).Append('\n');
        }

        script.Append("        case '*'\n            false\n    end\nend\n").Append(Walk);
        foreach (Command command in WordKinds.All())
        {
            Append(script, command);
        }

        return script.ToString();
    }

    private static void Append(StringBuilder script, Command command)
    {
        bool isProgram = command.Name.Length == 0;
        string name = isProgram ? "''" : command.Name;
        string place =
            command.OptionsFirst && !isProgram ? $"__tare_oci_before {name} 1"
            : isProgram ? $"__tare_oci_at {name} 0"
            : $"__tare_oci_in {name}";
        if (!isProgram)
        {
            script.Append(
                $"complete -c tare-oci -n {Quote("__tare_oci_at '' 0")} -a {name} -d {Quote(command.Summary)}\n"
            );
        }

        foreach (Option option in WordKinds.Shown(command))
        {
            string alias = option.Alias == '\0' ? "" : $" -s {option.Alias}";
            string value = option.Kind == OptionKind.Flag ? "" : " -r -F";
            script.Append(
                $"complete -c tare-oci -n {Quote(place)} -l {option.Name}{alias}{value} -d {Quote(option.Help)}\n"
            );
        }

        IReadOnlyList<string> kinds = isProgram ? [] : WordKinds.Of(command);
        for (int i = 0; i < kinds.Count; i++)
        {
            string what = kinds[i] switch
            {
                WordKinds.Container => "-a '(__tare_oci_containers)'",
                WordKinds.File => "-F",
                WordKinds.Unknown => "",
                var words => $"-a {Quote(words)}",
            };
            script.Append($"complete -c tare-oci -n {Quote($"__tare_oci_at {name} {i + 1}")} {what}\n");
        }

        if (command.OptionsFirst && !isProgram)
        {
            script.Append($"complete -c tare-oci -n {Quote($"__tare_oci_in {name}; and not {place}")} -F\n");
        }
    }

    private static string Quote(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
