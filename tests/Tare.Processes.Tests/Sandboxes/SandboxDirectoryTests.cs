using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

public sealed class SandboxDirectoryTests
{
    [Fact]
    public void What_a_killed_program_left_is_removed_by_the_next_and_nothing_else()
    {
        using TemporaryDirectory elsewhere = new();
        elsewhere.Write("kept", "");
        using SandboxDirectory own = SandboxDirectory.Make();
        string left = own.FullName.Replace($"-{Environment.ProcessId}-", "-999999999-", StringComparison.Ordinal);
        Directory.CreateDirectory($"{left}/below/locked");
        File.WriteAllText($"{left}/below/file", "");
        Directory.CreateSymbolicLink($"{left}/link", elsewhere.Path);
        File.SetUnixFileMode($"{left}/below/locked", UnixFileMode.None);

        SandboxDirectory.SweepOnce();

        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(own.FullName));
        Assert.True(File.Exists(elsewhere.At("kept")));
    }

    [Fact]
    public void However_many_names_it_has_all_are_removed()
    {
        SandboxDirectory directory = SandboxDirectory.Make();
        for (int i = 0; i < 3000; i++)
        {
            File.WriteAllText($"{directory.FullName}/{i}-{new string('x', i % 200)}", "");
            if (i % 10 == 0)
            {
                Directory.CreateDirectory($"{directory.FullName}/directory-{i}/below");
            }
        }

        directory.Dispose();

        Assert.False(Directory.Exists(directory.FullName));
    }

    [Fact]
    public void Nobody_else_may_enter_and_it_goes_when_disposed()
    {
        SandboxDirectory directory = SandboxDirectory.Make();
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(directory.FullName)
        );

        directory.Dispose();

        Assert.False(Directory.Exists(directory.FullName));
    }
}
