using System.Text;

namespace Tare.Oci.Tests;

/// <summary>What <c>linux.seccomp</c> means and what is refused in it.</summary>
public class SeccompReaderTests
{
    [Fact]
    public void Every_word_of_the_specification_is_read_and_written()
    {
        foreach (string action in SeccompNames.Actions)
        {
            Assert.Equal(action, SeccompNames.Of(Read($$"""{"defaultAction": "{{action}}"}""")!.DefaultAction));
        }

        foreach (string word in SeccompNames.Architectures)
        {
            SeccompSpec seccomp = Read($$"""{"defaultAction": "SCMP_ACT_LOG", "architectures": ["{{word}}"]}""")!;
            Assert.Equal([word], seccomp.Architectures.Select(SeccompNames.Of));
        }

        foreach (string word in SeccompNames.Flags)
        {
            SeccompSpec seccomp = Read($$"""{"defaultAction": "SCMP_ACT_LOG", "flags": ["{{word}}"]}""")!;
            Assert.Equal([word], seccomp.Flags!.Select(SeccompNames.Of));
        }
    }

    [Fact]
    public void A_profile_is_read_with_all_its_properties()
    {
        SeccompSpec seccomp = RuntimeSpecReader.Read(Sample.Corpus("good-seccomp.json")).Linux!.Seccomp!;

        Assert.Equal(SeccompActionType.Errno, seccomp.DefaultAction);
        Assert.Equal(38u, seccomp.DefaultErrnoRet);
        Assert.Equal(
            [SeccompArchitecture.X64, SeccompArchitecture.X32, SeccompArchitecture.X86],
            seccomp.Architectures
        );
        Assert.Equal([SeccompFlag.Log, SeccompFlag.SpeculationAllowed], seccomp.Flags);
        Assert.Equal(("/run/l.sock", "m"), (seccomp.ListenerPath, seccomp.ListenerMetadata));
        Assert.Equal(["read", "write"], seccomp.Syscalls[0].Names);
        Assert.Equal(
            [
                new SeccompArgSpec(0, ulong.MaxValue, 0, SeccompOperator.Equal),
                new SeccompArgSpec(5, 255, 1, SeccompOperator.MaskedEqual),
            ],
            seccomp.Syscalls[0].Args
        );
        Assert.Equal((SeccompActionType.Trace, 7u), (seccomp.Syscalls[1].Action, seccomp.Syscalls[1].ErrnoRet));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"defaultAction": ""}""")]
    [InlineData("""{"syscalls": [], "flags": ["SECCOMP_FILTER_FLAG_LOG"]}""")]
    public void Neither_a_default_nor_rules_is_no_profile(string seccomp) => Assert.Null(Read(seccomp));

    [Fact]
    public void No_flags_and_an_empty_list_of_them_are_told_apart()
    {
        Assert.Null(Read("""{"defaultAction": "SCMP_ACT_LOG"}""")!.Flags);
        Assert.Empty(Read("""{"defaultAction": "SCMP_ACT_LOG", "flags": []}""")!.Flags!);
    }

    [Theory]
    [InlineData("""{"defaultAction": "ERRNO"}""", "defaultAction", "'ERRNO' is no action of seccomp")]
    [InlineData("""{"defaultAction": "scmp_act_errno"}""", "defaultAction", "is no action of seccomp")]
    [InlineData("""{"syscalls": [{"names": ["a"], "action": "SCMP_ACT_LOG"}]}""", "defaultAction", "is missing")]
    [InlineData(
        """{"defaultAction": "SCMP_ACT_LOG", "architectures": ["SCMP_ARCH_X86", "amd64"]}""",
        "architectures[1]",
        "'amd64' is no architecture of seccomp"
    )]
    [InlineData(
        """{"defaultAction": "SCMP_ACT_LOG", "flags": ["SECCOMP_FILTER_FLAG_NEW_LISTENER"]}""",
        "flags[0]",
        "is no flag of seccomp"
    )]
    [InlineData(
        """{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": [""], "action": "SCMP_ACT_LOG"}]}""",
        "syscalls[0].names[0]",
        "is empty"
    )]
    [InlineData(
        """{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["a"], "action": ""}]}""",
        "syscalls[0].action",
        "'' is no action of seccomp"
    )]
    [InlineData(
        """{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["a"], "action": "SCMP_ACT_TRAP", "args": [{"index": 6}]}]}""",
        "syscalls[0].args[0].index",
        "expected a whole number from 0 to 5, found 6"
    )]
    [InlineData(
        """{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["a"], "action": "SCMP_ACT_TRAP", "args": [{"op": "=="}]}]}""",
        "syscalls[0].args[0].op",
        "'==' is no operator of seccomp"
    )]
    public void A_wrong_word_is_refused_by_the_name_of_its_property(string seccomp, string property, string problem)
    {
        OciFormatException e = Assert.Throws<OciFormatException>(() => Read(seccomp));

        Documents.AssertOneLine(e);
        Assert.Equal($"linux.seccomp.{property}", e.Path);
        Assert.Contains(problem, e.Problem, StringComparison.Ordinal);
    }

    private static SeccompSpec? Read(string seccomp) =>
        RuntimeSpecReader
            .Read(Encoding.UTF8.GetBytes("""{"ociVersion": "1.3.0", "linux": {"seccomp": """ + seccomp + "}}"))
            .Linux!.Seccomp;
}
