using CsCheck;
using Tare.Fixtures;
using Tare.OciCli.CommandLine;

namespace Tare.OciCli.Tests;

public sealed class ParserTests
{
    private static readonly string[] Options = ["-", "--", "-e", "--env=A", "-t", "--help", "--cwd", "a b"];

    [Theory]
    [InlineData("--pid-file", "F", "id")]
    [InlineData("--pid-file=F", "id")]
    [InlineData("-pid-file", "F", "id")]
    [InlineData("-pid-file=F", "id")]
    [InlineData("id", "--pid-file", "F")]
    [InlineData("id", "--pid-file=F")]
    [InlineData("--pid-file", "other", "id", "--pid-file", "F")]
    [InlineData("--pid-file", "F", "--", "id")]
    public void An_option_may_have_one_dash_or_two_an_equals_sign_or_not_and_stand_before_or_behind(
        params string[] line
    )
    {
        Arguments create = Parse("create", line);

        Assert.Equal("F", create.Text("pid-file"));
        Assert.Equal(["id"], create.Words);
    }

    [Fact]
    public void Arguments_that_are_not_utf8_are_refused_and_not_altered() =>
        Assert.StartsWith(
            "tare-oci: argument 2 is not UTF-8 (",
            Tool.Run("sh", "-c", "exec \"$1\" state \"$(printf 'caf\\351')\"", "sh", OciRuntime.Program)
                .ShouldExitWith(1)
                .Errors,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("kill", "--all", "id", "KILL")]
    [InlineData("kill", "-a", "id", "KILL")]
    [InlineData("kill", "id", "--all", "KILL")]
    [InlineData("kill", "id", "KILL", "-all")]
    [InlineData("kill", "--all=true", "id", "KILL")]
    [InlineData("kill", "-a=1", "id", "KILL")]
    [InlineData("kill", "-a=false", "-a", "id", "KILL")]
    public void A_flag_is_set(string command, params string[] line)
    {
        Arguments arguments = Parse(command, line);

        Assert.True(arguments.Has("all"));
        Assert.Equal(["id", "KILL"], arguments.Words);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("--all=false", "id")]
    [InlineData("--all", "--all=F", "id")]
    [InlineData("--", "id", "--all")]
    public void A_flag_is_not_set(params string[] line) => Assert.False(Parse("kill", line).Has("all"));

    [Fact]
    public void Two_dashes_end_the_options_so_that_an_id_may_begin_with_one() =>
        Assert.Equal(["-all"], Parse("kill", ["--", "-all"]).Words);

    [Fact]
    public void A_single_dash_is_a_word() => Assert.Equal(["-"], Parse("kill", ["-"]).Words);

    [Fact]
    public void An_option_that_may_be_given_often_keeps_every_value_in_order() =>
        Assert.Equal(
            ["A=1", "B=x=y", ""],
            Parse("exec", ["-e", "A=1", "--env=B=x=y", "-env", "", "id", "true"]).Texts("env")
        );

    [Fact]
    public void A_value_may_begin_with_a_dash() =>
        Assert.Equal("-", Parse("exec", ["--process", "-", "id"]).Text("process"));

    [Fact]
    public void What_stands_behind_the_id_of_exec_is_the_programs_whatever_it_is() =>
        Gen.OneOf(Gen.String[0, 6], Gen.Int[0, Options.Length - 1].Select(i => Options[i]))
            .Array[0, 8]
            .Sample(program =>
            {
                Arguments exec = Parse("exec", ["--cwd", "/", "id", .. program]);
                return exec.Words.SequenceEqual(["id", .. program]) && exec.Text("cwd") == "/" && !exec.Has("tty");
            });

    [Fact]
    public void Options_are_understood_wherever_they_stand_among_the_words() =>
        Gen.Shuffle(new[] { "--bundle=/b", "-d", "--preserve-fds=3", "--keep=false", "id" })
            .Sample(line =>
            {
                Arguments run = Parse("run", line);
                return run.Text("bundle") == "/b"
                    && run.Has("detach")
                    && run.Number("preserve-fds", 0) == 3
                    && !run.Has("keep")
                    && run.Words.SequenceEqual(["id"]);
            });

    [Theory]
    [InlineData("create", "flag provided but not defined: -bundel (see 'tare-oci create --help')", "--bundel", "x")]
    [InlineData("create", "flag needs an argument: --bundle", "id", "--bundle")]
    [InlineData(
        "create",
        "invalid value \"-1\" for --preserve-fds (use a number from 0)",
        "--preserve-fds",
        "-1",
        "id"
    )]
    [InlineData("create", "invalid value \"x\" for --preserve-fds (use a number from 0)", "--preserve-fds=x", "id")]
    [InlineData("kill", "invalid boolean value \"maybe\" for --all (use true or false)", "--all=maybe", "id")]
    [InlineData("kill", "flag provided but not defined: -9 (see 'tare-oci kill --help')", "-9", "id")]
    public void What_cannot_be_understood_is_named(string command, string message, params string[] line) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Parse(command, line)).Message);

    [Theory]
    [InlineData("create", "exactly 1 argument(s)")]
    [InlineData("create", "exactly 1 argument(s)", "a", "b")]
    [InlineData("kill", "a minimum of 1 argument(s)")]
    [InlineData("kill", "a maximum of 2 argument(s)", "a", "KILL", "c")]
    [InlineData("exec", "a minimum of 1 argument(s)")]
    [InlineData("list", "exactly 0 argument(s)", "a")]
    public void Too_few_or_too_many_words_are_an_error(string command, string wanted, params string[] line)
    {
        string usage = CommandTable.Find(command)!.Usage is { Length: > 0 } words ? $": {words}" : "";

        Assert.Equal(
            $"\"{command}\" requires {wanted}{usage} (see 'tare-oci {command} --help')",
            Assert.Throws<UsageException>(() => Parser.CheckWords(Parse(command, line))).Message
        );
    }

    [Fact]
    public void Every_command_of_the_table_can_be_found_and_asked_for_help()
    {
        foreach (string name in CommandTable.Names)
        {
            Assert.True(Parse(name, ["--help"]).Has("help"), name);
            Assert.True(Parse(name, ["-h"]).Has("help"), name);
        }
    }

    private static Arguments Parse(string command, string[] line) =>
        Parser.Parse(CommandTable.Find(command)!, line, out _);
}
