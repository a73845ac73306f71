namespace Tare.Oci.Tests;

public class SpecVersionTests
{
    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.0.2-dev")]
    [InlineData("1.0.1-rc1")]
    [InlineData("1.0.0+build.7")]
    [InlineData("1.2.1")]
    [InlineData("1.3.0")]
    [InlineData("1.99.3-alpha.1+x")]
    public void Every_1_x_is_read(string version) =>
        Assert.Equal(version, RuntimeSpecReader.Read(Document(version)).OciVersion);

    [Theory]
    [InlineData("2.0.0")]
    [InlineData("2.0.0-rc1")]
    [InlineData("17.1.2")]
    public void A_newer_major_version_is_refused(string version) =>
        Assert.Equal(
            $"config.json: ociVersion: version {version} is newer than this program, which reads 1.0.0 up to 1.x (line 1)",
            Documents.Refused(Document(version)).Message
        );

    [Theory]
    [InlineData("0.5.0")]
    [InlineData("1.0.0-rc5")]
    [InlineData("1.0.0-rc5+x")]
    public void A_version_before_1_0_0_is_refused(string version) =>
        Assert.Equal(
            $"config.json: ociVersion: version {version} is older than 1.0.0 (generate the bundle anew) (line 1)",
            Documents.Refused(Document(version)).Message
        );

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("1.0.0.0")]
    [InlineData("v1.0.0")]
    [InlineData("1.0.x")]
    [InlineData("1.0.-1")]
    [InlineData(" 1.0.0")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0 ")]
    [InlineData("1.0.0-a b")]
    [InlineData("99999999999.0.0")]
    [InlineData("latest")]
    public void What_is_no_version_is_refused(string version) =>
        Assert.Equal(
            $"expected a version such as 1.3.0, found '{version}'",
            Documents.Refused(Document(version)).Problem
        );

    [Fact]
    public void A_missing_version_is_refused() =>
        Assert.Equal(
            "config.json: ociVersion: is missing (write \"ociVersion\": \"1.0.2\" or newer) (line 1)",
            Documents.Refused("{}").Message
        );

    [Fact]
    public void A_newer_major_version_is_the_error_even_if_its_shape_is_unknown() =>
        Assert.Equal(
            "ociVersion",
            Documents.Refused("""{"process": [1, 2], "linux": "x", "ociVersion": "2.0.0"}""").Path
        );

    [Fact]
    public void A_wrong_shape_is_the_error_if_the_version_is_right() =>
        Assert.Equal("process", Documents.Refused("""{"process": [1, 2], "ociVersion": "1.3.0"}""").Path);

    [Fact]
    public void What_tare_writes_tare_reads()
    {
        Assert.Null(SpecVersion.Refusal(SpecVersion.Oldest));
        Assert.Null(SpecVersion.Refusal(SpecVersion.Newest));
    }

    private static byte[] Document(string version) =>
        System.Text.Encoding.UTF8.GetBytes("{\"ociVersion\": \"" + version + "\"}");
}
