namespace Tare.Processes.Tests.Recordings;

public sealed class CallPathsTests
{
    private const ulong NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW

    [Theory]
    [InlineData("statx", 2, RecordedAccess.Look)]
    [InlineData("getxattrat", 2, RecordedAccess.Look)]
    [InlineData("listxattrat", 2, RecordedAccess.Look)]
    [InlineData("open_tree_attr", 2, RecordedAccess.Look)]
    [InlineData("file_getattr", 4, RecordedAccess.Look)]
    [InlineData("setxattrat", 2, RecordedAccess.Attributes)]
    [InlineData("removexattrat", 2, RecordedAccess.Attributes)]
    [InlineData("file_setattr", 4, RecordedAccess.Attributes)]
    public void A_path_from_a_directory_is_used_as_the_call_says(string call, int flags, RecordedAccess access)
    {
        ulong[] arguments = new ulong[6];

        Assert.Equal(new PathUse(0, 1, access), Assert.Single(CallPaths.Of(call, arguments, 0)));
        arguments[flags] = NoFollow;
        Assert.Equal(new PathUse(0, 1, access) { NoFollow = true }, Assert.Single(CallPaths.Of(call, arguments, 0)));
    }
}
