using Tare.Fixtures;
using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Tests;

/// <summary>The scripts of <c>completion</c> in the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public static TheoryData<string> Shells { get; } = ["bash", "zsh", "fish"];

    [Theory]
    [MemberData(nameof(Shells))]
    public void A_command_is_completed(string shell)
    {
        Assert.Equal(["features"], Complete(shell, "tare-oci fea"));
        Assert.Equal(["create"], Complete(shell, "tare-oci --root /x --debug --log=/y crea"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void An_option_of_the_program_or_of_a_command_is_completed(string shell)
    {
        Assert.Equal(["--systemd-cgroup"], Complete(shell, "tare-oci --systemd"));
        Assert.Equal(["--no-subreaper"], Complete(shell, "tare-oci --root /x run --bundle /b --no-sub"));
        Assert.Equal(["--observed"], Complete(shell, "tare-oci state id --obs"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Words_of_a_usage_are_completed(string shell)
    {
        Assert.Equal(["remove"], Complete(shell, "tare-oci mounts rem"));
        Assert.Equal(["fish"], Complete(shell, "tare-oci completion fi"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void The_id_of_a_container_is_completed(string shell)
    {
        using OciRuntime runtime = new();
        OciContainer container = runtime.Create();

        Assert.Equal(
            [container.Id],
            Complete(shell, $"{OciRuntime.Program} --root {runtime.Root} exec {container.Id[..14]}")
        );
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("fish")]
    public void All_commands_and_all_options_are_offered_and_nothing_else(string shell)
    {
        Assert.Equal(CommandTable.Names.ToArray().Order(StringComparer.Ordinal), Complete(shell, "tare-oci "));
        foreach (string name in CommandTable.Names.ToArray())
        {
            Assert.Equal(
                CommandTable
                    .Find(name)!
                    .Options.Where(option => !option.Hidden)
                    .Select(option => $"--{option.Name}")
                    .Order(StringComparer.Ordinal),
                Complete(shell, $"tare-oci {name} --")
            );
        }
    }

    [Fact]
    public void Another_programs_words_are_not_completed() =>
        Assert.Empty(Complete("bash", "tare-oci exec id program --c"));

    [Fact]
    public void The_value_of_an_option_is_a_file_and_no_command()
    {
        Assert.Empty(Complete("bash", "tare-oci --root s"));
        Assert.Empty(Complete("bash", "tare-oci create --bundle="));
    }

    [Fact]
    public void An_unknown_shell_is_refused() =>
        Assert.Equal(
            "tare-oci: no completion for the shell 'csh' (there are bash, zsh and fish)\n",
            Tool.Run(OciRuntime.Program, "completion", "csh").ShouldExitWith(1).Errors
        );

    public void Dispose() => _folder.Dispose();

    // What the shell offers for the end of a line, in order.
    private string[] Complete(string shell, string line)
    {
        string program = Require.Program(shell);
        string script = _folder.Write(shell, Tool.Run(OciRuntime.Program, "completion", shell).ShouldSucceed().Output);
        ToolResult result = shell switch
        {
            "bash" => Tool.Run(program, "--norc", "-c", Bash, "bash", script, line),
            "zsh" => Tool.Run(program, "-f", "-c", Zsh, "zsh", script, line),
            _ => Tool.Run(program, "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line),
        };
        Assert.Equal("", result.Errors);
        return
        [
            .. result
                .ShouldSucceed()
                .Lines.Select(found => found.Split('\t')[0].TrimEnd())
                .Where(found => found.Length > 0)
                .Order(StringComparer.Ordinal),
        ];
    }

    // As readline cuts a line, with '=' as a word of its own.
    private const string Bash = """
        . "$1"
        complete -p tare-oci >/dev/null || exit
        line=${2//=/ = }
        read -ra COMP_WORDS <<<"$line"
        [[ $2 == *[\ =] ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _tare_oci
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    // Completion works only where a line is edited: a terminal, a line that is typed, and what has become of it.
    private const string Zsh = """
        zmodload zsh/zpty
        zpty line zsh -f -i
        zpty -w line "autoload -Uz compinit; compinit -D -u; . ${(q)1}"
        zpty -w line 'show() { print -r -- "<<${${BUFFER% }##* }>>"; exit }; zle -N show; bindkey "^X" show; bindkey "^I" complete-word; print re""ady'
        zpty -r line text '*ready*'
        zpty -w -n line "$2"$'\t\x18'
        zpty -r line text '*<<*>>*'
        text=${text##*<<}
        print -r -- ${text%%>>*}
        """;
}
