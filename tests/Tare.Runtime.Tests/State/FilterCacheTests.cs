using System.Globalization;
using System.Text;
using Tare.Fixtures;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;
using Tare.Runtime.State;

namespace Tare.Runtime.Tests.State;

/// <summary>Compiled filters are found again, and only those that nobody else can have put there.</summary>
public sealed class FilterCacheTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private static readonly SocketFilter[] Other = SeccompCompiler.Compile(
        new SeccompSpec { DefaultAction = SeccompActionType.Log },
        CpuArchitecture.X64
    );

    private string Filters => _folder.At("@filters");

    [Fact]
    public void A_filter_is_compiled_once()
    {
        SeccompSpec profile = Profile(1);
        SocketFilter[] compiled = Get(profile);
        Assert.Equal(SeccompCompiler.Compile(profile, CpuArchitecture.X64), compiled);
        Assert.Equal(compiled, Get(profile));
        Assert.Single(Directory.GetFiles(Filters));

        // What is there is what is taken.
        Replace(profile);
        Assert.Equal(Other, Get(profile));
    }

    [Fact]
    public void Profiles_and_processors_have_filters_of_their_own()
    {
        Assert.NotEqual(Get(Profile(1)), Get(Profile(2)));
        Assert.Equal(2, Directory.GetFiles(Filters).Length);
        Assert.Equal(
            SeccompCompiler.Compile(Profile(1), CpuArchitecture.Arm64),
            FilterCache.Get(_folder.Path, Profile(1), CpuArchitecture.Arm64)
        );
    }

    [Fact]
    public void Nobody_needs_a_filter_without_a_profile() =>
        Assert.Null(FilterCache.Get(_folder.Path, null, CpuArchitecture.X64));

    [Fact]
    public void What_is_damaged_is_compiled_and_written_anew()
    {
        SeccompSpec profile = Profile(1);
        Get(profile);
        string file = Directory.GetFiles(Filters).Single();
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..^1]);

        Assert.Equal(SeccompCompiler.Compile(profile, CpuArchitecture.X64), Get(profile));
        Assert.Equal(bytes, File.ReadAllBytes(file));
    }

    [Fact]
    public void What_others_could_have_written_is_not_believed()
    {
        SeccompSpec profile = Profile(1);
        SocketFilter[] compiled = Get(profile);
        string file = Replace(profile);
        Assert.Equal(Other, Get(profile));

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Equal(compiled, Get(profile));

        Replace(profile);
        File.SetUnixFileMode(
            Filters,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite
        );
        Assert.Equal(compiled, Get(profile));
    }

    [Fact]
    public void What_lies_behind_a_link_is_not_believed()
    {
        SeccompSpec profile = Profile(1);
        SocketFilter[] compiled = Get(profile);
        string file = Replace(profile);
        File.Move(file, _folder.At("elsewhere"));
        File.CreateSymbolicLink(file, _folder.At("elsewhere"));
        Assert.Equal(compiled, Get(profile));

        Replace(profile);
        Directory.Move(Filters, _folder.At("directory"));
        File.CreateSymbolicLink(Filters, _folder.At("directory"));
        Assert.Equal(compiled, Get(profile));
    }

    [Fact]
    public void What_belongs_to_another_user_is_not_believed()
    {
        Require.Root();
        SeccompSpec profile = Profile(1);
        SocketFilter[] compiled = Get(profile);
        string file = Replace(profile);

        Tool.Run("chown", "54321", file).ShouldSucceed();

        Assert.Equal(compiled, Get(profile));
    }

    [Fact]
    public void Their_number_is_bounded_and_what_a_killed_writer_left_goes()
    {
        Get(Profile(0));
        string left = Path.Combine(Filters, "0123456789abcdef.new");
        File.WriteAllText(left, "");

        for (int i = 1; i <= 100; i++)
        {
            Get(Profile(i));
        }

        Assert.False(File.Exists(left));
        Assert.InRange(Directory.GetFiles(Filters).Length, 32, 64);
    }

    [Fact]
    public void Where_nothing_can_be_kept_filters_are_compiled() =>
        Assert.Equal(
            SeccompCompiler.Compile(Profile(1), CpuArchitecture.X64),
            FilterCache.Get(_folder.At("nowhere"), Profile(1), CpuArchitecture.X64)
        );

    public void Dispose() => _folder.Dispose();

    private SocketFilter[] Get(SeccompSpec profile) => FilterCache.Get(_folder.Path, profile, CpuArchitecture.X64)!;

    // Another program under the profile's name, of this user's own making.
    private string Replace(SeccompSpec profile)
    {
        ReadOnlySpan<byte> text = profile.Text!.Utf8.Span;
        string file = Path.Combine(Filters, FilterFile.HashOf(text).ToString("x16", CultureInfo.InvariantCulture));
        File.Delete(file);
        File.WriteAllBytes(file, FilterFile.Write(text, CpuArchitecture.X64, Other));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private static SeccompSpec Profile(int errno) =>
        new()
        {
            DefaultAction = SeccompActionType.Allow,
            Syscalls =
            [
                new()
                {
                    Names = ["mkdir"],
                    Action = SeccompActionType.Errno,
                    ErrnoRet = (uint)errno,
                },
            ],
            Text = new SeccompText(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"errno\":{errno}}}"))
            ),
        };
}
