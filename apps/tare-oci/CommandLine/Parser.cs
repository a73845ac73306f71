using System.Globalization;

namespace Tare.OciCli.CommandLine;

/// <summary>
/// Understands options as callers of OCI runtimes write them: one dash or two before any name, the value behind
/// <c>=</c> or as the next word, <c>--</c> ends the options.
/// </summary>
internal static class Parser
{
    /// <summary>Reads the options and words of a command.</summary>
    /// <param name="command">What may be said.</param>
    /// <param name="line">What was said, without the command's own name.</param>
    /// <param name="next">Where a command that takes options only before its words stopped; else the line's end.</param>
    /// <exception cref="UsageException">An option is unknown, lacks its value or has a wrong one.</exception>
    public static Arguments Parse(Command command, ReadOnlySpan<string> line, out int next)
    {
        Arguments arguments = new(command);
        int i = 0;
        while (i < line.Length)
        {
            string word = line[i];
            if (word == "--")
            {
                i++;
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                if (command.OptionsFirst)
                {
                    break;
                }

                arguments.Add(word);
                i++;
                continue;
            }

            i = ParseOption(arguments, line, i);
        }

        next = i;
        foreach (string word in line[i..])
        {
            arguments.Add(word);
        }

        return arguments;
    }

    /// <summary>Makes sure that as many words were given as the command takes.</summary>
    /// <exception cref="UsageException">There are too few or too many.</exception>
    public static void CheckWords(Arguments arguments)
    {
        Command command = arguments.Command;
        int count = arguments.Words.Count;
        if (count >= command.MinimumWords && count <= command.MaximumWords)
        {
            return;
        }

        string wanted =
            command.MinimumWords == command.MaximumWords ? $"exactly {command.MinimumWords} argument(s)"
            : count < command.MinimumWords ? $"a minimum of {command.MinimumWords} argument(s)"
            : $"a maximum of {command.MaximumWords} argument(s)";
        string usage = command.Usage.Length == 0 ? "" : $": {command.Usage}";
        throw new UsageException($"\"{command.Name}\" requires {wanted}{usage} (see 'tare-oci {command.Name} --help')");
    }

    private static int ParseOption(Arguments arguments, ReadOnlySpan<string> line, int i)
    {
        string word = line[i];
        ReadOnlySpan<char> name = word.AsSpan(word[1] == '-' ? 2 : 1);
        string? value = null;
        int equals = name.IndexOf('=');
        if (equals >= 0)
        {
            value = name[(equals + 1)..].ToString();
            name = name[..equals];
        }

        Option option = Find(arguments.Command, name) ?? throw new UsageException(Unknown(arguments.Command, name));
        if (option.Kind == OptionKind.Flag)
        {
            arguments.Add(option, Truth(option, value ?? "true"));
            return i + 1;
        }

        if (value is null)
        {
            if (++i >= line.Length)
            {
                throw new UsageException($"flag needs an argument: --{option.Name}");
            }

            value = line[i];
        }

        if (option.Kind == OptionKind.Number)
        {
            CheckNumber(option, value);
        }

        arguments.Add(option, value);
        return i + 1;
    }

    private static Option? Find(Command command, ReadOnlySpan<char> name)
    {
        foreach (Option option in command.Options)
        {
            if (option.IsCalled(name))
            {
                return option;
            }
        }

        return null;
    }

    private static string Unknown(Command command, ReadOnlySpan<char> name)
    {
        string help = command.Name.Length == 0 ? "tare-oci --help" : $"tare-oci {command.Name} --help";
        return $"flag provided but not defined: -{name} (see '{help}')";
    }

    private static string Truth(Option option, string value) =>
        value switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => "true",
            "0" or "f" or "F" or "false" or "FALSE" or "False" => "false",
            _ => throw new UsageException($"invalid boolean value \"{value}\" for --{option.Name} (use true or false)"),
        };

    private static void CheckNumber(Option option, string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new UsageException($"invalid value \"{value}\" for --{option.Name} (use a number from 0)");
        }
    }
}
