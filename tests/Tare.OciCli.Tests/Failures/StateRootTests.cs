using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>The directory for state lies where nothing can be written, or not enough: one line says why, and nothing is left.</summary>
public sealed class StateRootTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly string _id;

    public StateRootTests() => _id = _runtime.NewId();

    [Fact]
    public void A_file_system_that_is_read_only_is_named_where_the_directory_is_missing() =>
        Assert.Equal(
            $"tare-oci: make the directory for state '{Root}/a/b': EROFS (choose another by --root)\n",
            CreateOn("-o ro", "/a/b").ShouldExitWith(1).Errors
        );

    [Fact]
    public void A_file_system_that_is_read_only_is_named_where_the_directory_is_there() =>
        Assert.Equal(
            $"tare-oci: make '{Root}/@in-progress/{_id}': EROFS "
                + "(choose another directory for state by --root, or make room in it)\n",
            CreateOn("-o ro", "").ShouldExitWith(1).Errors
        );

    // Of each file in turn there is one too many.
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void A_file_system_that_is_full_is_as_before(int files)
    {
        ToolResult create = CreateOn($"-o nr_inodes={files}", "/state");

        Assert.Contains("ENOSPC", create.ShouldExitWith(1).Errors, StringComparison.Ordinal);
        Assert.Single(create.Errors.TrimEnd().Split('\n'));
        Assert.Equal(["/state", "/state/@in-progress"], create.Lines.Select(line => line[Root.Length..]).Order());
        Assert.Empty(Traces.Cgroups([_id]));
    }

    public void Dispose() => _runtime.Dispose();

    private string Root => _runtime.Folder.At("small");

    // In a mount namespace of its own, with which the file system ends; lists what is on that.
    private ToolResult CreateOn(string options, string root) =>
        Tool.Run(
            Require.Program("unshare"),
            "--mount",
            "--propagation=private",
            "sh",
            "-c",
            """
            mkdir "$1" && mount -t tmpfs $2 tmpfs "$1" || exit 99
            "$4" --root "$1$3" create --bundle "$5" "$6" </dev/null
            status=$?
            find "$1" -mindepth 1
            exit $status
            """,
            "sh",
            Root,
            options,
            root,
            OciRuntime.Program,
            _runtime.NewBundle(["true"]).Path,
            _id
        );
}
