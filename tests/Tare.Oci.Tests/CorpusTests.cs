namespace Tare.Oci.Tests;

/// <summary>
/// The files of Corpus: <c>good-*</c> are read, <c>bad-*.json</c> are refused with the line that the <c>.error</c> beside it
/// holds.
/// </summary>
public class CorpusTests
{
    public static TheoryData<string> Good => Files("good-");

    public static TheoryData<string> Bad => Files("bad-");

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_file_is_read_and_written_so_that_it_is_read_as_the_same(string name)
    {
        byte[] text = Sample.Corpus(name);

        Assert.NotNull(RuntimeSpecReader.Read(text));
        FuzzTargets.Config(text);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_file_is_refused_with_its_line(string name)
    {
        string expected = System.Text.Encoding.UTF8.GetString(Sample.Corpus(Path.ChangeExtension(name, "error")));

        Assert.Equal(expected.TrimEnd('\n'), Documents.Refused(Sample.Corpus(name)).Message);
    }

    [Fact]
    public void The_document_of_an_engine_asks_for_nothing_unsupported()
    {
        RuntimeSpec spec = RuntimeSpecReader.Read(Sample.Corpus("good-engine.json"));

        Assert.Empty(spec.Unsupported);
        Assert.Null(spec.Domainname);
        Assert.Null(spec.Linux!.Namespaces[1].Path);
        Assert.Equal(
            new DeviceRuleSpec
            {
                Allow = true,
                Type = DeviceType.Character,
                Major = 1,
            },
            spec.Linux.Resources!.Devices[1]
        );
        Assert.Equal(new DeviceRuleSpec { Allow = true }, spec.Linux.Resources.Devices[2]);
    }

    [Fact]
    public void The_unsupported_are_named_in_the_order_of_the_document() =>
        Assert.Equal(["zos", "vm"], RuntimeSpecReader.Read(Sample.Corpus("good-unsupported.json")).Unsupported);

    private static TheoryData<string> Files(string prefix) =>
        [
            .. Sample
                .CorpusFiles()
                .Select(f => Path.GetFileName(f)!)
                .Where(f => f.StartsWith(prefix, StringComparison.Ordinal)),
        ];
}
