using System.Globalization;
using Tare.Fixtures;

namespace Tare.Cli.Tests.Runs;

/// <summary>What people run.</summary>
public sealed class RealUseTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
        </Project>
        """;

    [Fact]
    public void A_project_is_built_and_nothing_of_it_stays()
    {
        using TemporaryDirectory folder = new();
        WriteProject(folder.Path);

        ToolResult result = TareProgram.Run(
            new ToolOptions
            {
                WorkingDirectory = folder.Path,
                Deadline = TimeSpan.FromMinutes(10),
                Environment = Quiet(folder.Path),
            },
            "--",
            "sh",
            "-c",
            "dotnet build -v q -tl:off && ls bin/Debug/net10.0/hello.dll && dotnet bin/Debug/net10.0/hello.dll"
        );

        Assert.EndsWith(
            "bin/Debug/net10.0/hello.dll\nbuilt in a sandbox\n",
            result.ShouldSucceed().Output,
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["hello.cs", "hello.csproj"],
            Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void An_ordinary_user_builds_a_project()
    {
        using OrdinaryUser user = new();
        string project = Path.Combine(user.Home, "hello");
        OrdinaryUser.MakeDirectory(project);
        WriteProject(project);

        ToolResult result = Tool.Run(
            user.Tare,
            ["run", "--", "sh", "-c", "dotnet build -v q -tl:off && dotnet bin/Debug/net10.0/hello.dll"],
            user.Options with
            {
                WorkingDirectory = project,
                Deadline = TimeSpan.FromMinutes(10),
                Environment = new Dictionary<string, string?>(Quiet(user.Home))
                {
                    ["HOME"] = user.Home,
                    ["PATH"] = $"/usr/bin:/bin:{Path.GetDirectoryName(Tool.Find("dotnet"))}",
                },
            }
        );

        Assert.EndsWith("built in a sandbox\n", result.ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(project, "bin")));
    }

    [Fact]
    public void A_repository_is_asked_and_committed_to()
    {
        string git = Require.Program("git");
        using TemporaryDirectory folder = new();
        ToolOptions there = new() { WorkingDirectory = folder.Path };
        string[] who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
        Tool.Run(git, ["init", "-q"], there).ShouldSucceed();
        folder.Write("file", "content\n");
        Tool.Run(git, ["add", "file"], there).ShouldSucceed();
        Tool.Run(git, [.. who, "commit", "-qm", "First"], there).ShouldSucceed();
        folder.Write("new", "");

        Assert.Equal("?? new\n", TareProgram.Run(there, "--", git, "status", "--short").ShouldSucceed().Output);
        Assert.Equal(
            "Second\nFirst\n",
            TareProgram
                .Run(
                    there,
                    "--",
                    "sh",
                    "-c",
                    $"git add new && git {string.Join(' ', who)} commit -qm Second && git log --format=%s"
                )
                .ShouldSucceed()
                .Output
        );
        Assert.Equal("First\n", Tool.Run(git, ["log", "--format=%s"], there).ShouldSucceed().Output);
    }

    [Fact]
    public void An_installation_is_tried_without_being_made()
    {
        string apt = Require.Program("apt-get");

        ToolResult result = TareProgram.Run("--", apt, "--simulate", "--no-download", "remove", "coreutils");

        Assert.Contains("Remv coreutils", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_system_is_removed_and_is_still_there()
    {
        Require.Root();
        int before = Directory.EnumerateFileSystemEntries("/usr/bin").Count();

        ToolResult result = TareProgram.Run("--", "sh", "-c", "rm -rf /usr /bin /etc 2>/dev/null; exec ls /usr/bin");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries("/usr/bin").Count());
        Assert.True(File.Exists("/etc/passwd"));
    }

    [Fact]
    public void A_server_is_reached_over_loopback_and_from_nowhere_else()
    {
        Require.Program("python3");
        const string Server =
            "import http.server, threading, urllib.request; "
            + "s = http.server.HTTPServer(('127.0.0.1', 8765), http.server.SimpleHTTPRequestHandler); "
            + "threading.Thread(target=s.serve_forever, daemon=True).start(); "
            + "print(urllib.request.urlopen('http://127.0.0.1:8765/file').read().decode(), end='')";
        using TemporaryDirectory folder = new();
        folder.Write("file", "served\n");
        ToolOptions there = new() { WorkingDirectory = folder.Path };

        Assert.Equal("served\n", TareProgram.Run(there, "--", "python3", "-c", Server).ShouldSucceed().Output);
        ToolResult refused = TareProgram.Run(
            "--",
            "python3",
            "-c",
            "import socket; print(socket.socket().connect_ex(('192.0.2.1', 80)))"
        );
        Assert.Equal("101\n", refused.Output); // ENETUNREACH
    }

    [Fact]
    public void A_stream_of_many_bytes_goes_through_unchanged()
    {
        string input = string.Create(CultureInfo.InvariantCulture, $"{new string('x', 3_000_000)}\n");

        Assert.Equal(input, TareProgram.Run(new ToolOptions { Input = input }, "--", "cat").ShouldSucceed().Output);
    }

    private static void WriteProject(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "hello.csproj"), Project);
        File.WriteAllText(Path.Combine(folder, "hello.cs"), "System.Console.WriteLine(\"built in a sandbox\");\n");
    }

    // What a build would otherwise leave running, or ask the network for.
    private static Dictionary<string, string?> Quiet(string home) =>
        new()
        {
            ["DOTNET_CLI_HOME"] = home,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "true",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["NUGET_PACKAGES"] = Path.Combine(home, "packages"),
        };
}
