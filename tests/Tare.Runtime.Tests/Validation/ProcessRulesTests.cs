using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Validation;

public sealed class ProcessRulesTests
{
    [Fact]
    public void A_container_without_a_process_is_refused() =>
        Assert.Equal(
            "process: is missing (name the program in process.args)",
            Refusal.Of(Specs.Default with { Process = null })
        );

    [Theory]
    [InlineData()]
    [InlineData("")]
    [InlineData("", "x")]
    public void A_program_without_a_name_is_refused(params string[] args) =>
        Assert.Equal(
            "process.args: is empty (name the program to run)",
            Refusal.OfProcess(process => process with { Args = args })
        );

    [Fact]
    public void A_zero_byte_is_refused_where_the_kernel_would_see_an_end()
    {
        Assert.Equal(
            "process.args[1]: contains a zero byte (leave it out)",
            Refusal.OfProcess(process => process with { Args = ["a", "b\0c"] })
        );
        Assert.Equal(
            "process.env[0]: contains a zero byte (leave it out)",
            Refusal.OfProcess(process => process with { Env = ["A=\0"] })
        );
        Assert.Equal(
            "process.cwd: contains a zero byte (leave it out)",
            Refusal.OfProcess(process => process with { Cwd = "/\0" })
        );
    }

    [Theory]
    [InlineData("", "process.cwd: '' is not absolute (begin it with '/')")]
    [InlineData("srv", "process.cwd: 'srv' is not absolute (begin it with '/')")]
    [InlineData("../srv", "process.cwd: '../srv' is not absolute (begin it with '/')")]
    public void A_working_directory_is_absolute(string cwd, string message) =>
        Assert.Equal(message, Refusal.OfProcess(process => process with { Cwd = cwd }));

    [Fact]
    public void No_id_is_not_an_id()
    {
        const string Message = "process.user: 4294967295 is no user or group (give another id)";

        Assert.Equal(
            Message,
            Refusal.OfProcess(process =>
                process with
                {
                    User = new UserSpec { Uid = uint.MaxValue, Gid = 0 },
                }
            )
        );
        Assert.Equal(
            Message,
            Refusal.OfProcess(process =>
                process with
                {
                    User = new UserSpec { Uid = 0, Gid = uint.MaxValue },
                }
            )
        );
        Assert.Equal(
            Message,
            Refusal.OfProcess(process =>
                process with
                {
                    User = UserSpec.Root with { AdditionalGids = [1, uint.MaxValue] },
                }
            )
        );
    }

    [Fact]
    public void A_mask_has_permission_bits_only() =>
        Assert.Equal(
            "process.user.umask: 512 is beyond 0777 (give permission bits)",
            Refusal.OfProcess(process => process with { User = UserSpec.Root with { Umask = 512 } })
        );

    [Theory]
    [InlineData(-1001)]
    [InlineData(1001)]
    public void An_oom_score_is_within_the_kernels_range(int score) =>
        Assert.Equal(
            $"process.oomScoreAdj: {score} is not between -1000 and 1000 (give another, or leave it out)",
            Refusal.OfProcess(process => process with { OomScoreAdj = score })
        );

    [Fact]
    public void What_another_process_document_asks_for_and_is_not_supported_is_named()
    {
        ProcessSpec process = ProcessDocument.Read("""{"cwd": "/", "args": ["x"], "commandLine": "a"}"""u8, "p.json");

        SpecException e = Assert.Throws<SpecException>(() => ProcessValidator.Validate(process, "process"));

        Assert.Equal("commandLine: is not supported yet (leave it out)", e.Message);
    }

    [Fact]
    public void A_size_without_a_terminal_is_ignored_as_the_specification_says()
    {
        ProcessSpec process = Specs.Default.Process! with { ConsoleSize = new ConsoleSizeSpec(1, 2) };

        Assert.Null(ProcessValidator.Validate(process, "process").ConsoleSize);
        Assert.Equal(
            new ConsoleSizeSpec(1, 2),
            ProcessValidator.Validate(process with { Terminal = true }, "process").ConsoleSize
        );
    }

    [Fact]
    public void A_terminal_needs_somewhere_to_send_its_other_side_to()
    {
        RuntimeSpec terminal = Specs.Default.Process(process => process with { Terminal = true });

        Assert.Equal(
            "process.terminal: cannot allocate a terminal for a detached container without a console socket (give --console-socket)",
            Refusal.Of(terminal, new ValidationContext("/") { RootGiven = true, Detached = true })
        );
        Assert.Equal(
            "process.terminal: cannot use a console socket without a terminal (set it to true, or leave --console-socket out)",
            Refusal.Of(Specs.Default, new ValidationContext("/") { RootGiven = true, ConsoleSocket = true })
        );
    }

    [Theory]
    [InlineData(
        "RLIMIT_FILES",
        1,
        1,
        "process.rlimits[0].type: 'RLIMIT_FILES' is no resource limit (see getrlimit(2))"
    )]
    [InlineData("rlimit_core", 1, 1, "process.rlimits[0].type: 'rlimit_core' is no resource limit (see getrlimit(2))")]
    [InlineData("RLIMIT_CORE", 2, 1, "process.rlimits[0]: soft 2 is above hard 1 (lower it)")]
    public void A_limit_has_a_known_name_and_a_soft_value_below_the_hard_one(
        string type,
        ulong soft,
        ulong hard,
        string message
    ) =>
        Assert.Equal(
            message,
            Refusal.OfProcess(process => process with { Rlimits = [new RlimitSpec(type, soft, hard)] })
        );

    [Fact]
    public void A_limit_is_given_once() =>
        Assert.Equal(
            "process.rlimits[1].type: 'RLIMIT_CORE' is there twice (remove one)",
            Refusal.OfProcess(process =>
                process with
                {
                    Rlimits = [new RlimitSpec("RLIMIT_CORE", 0, 0), new RlimitSpec("RLIMIT_CORE", 1, 1)],
                }
            )
        );

    [Fact]
    public void Every_limit_of_the_kernel_is_known()
    {
        string[] names = Enum.GetNames<ResourceLimit>();

        ValidatedProcess process = ProcessValidator.Validate(
            Specs.Default.Process! with
            {
                Rlimits = [.. names.Select(name => new RlimitSpec(name, 1, ulong.MaxValue))],
            },
            "process"
        );

        Assert.Equal(16, names.Length);
        Assert.Equal(names, process.Rlimits.Select(limit => limit.Resource.ToString()));
    }
}
