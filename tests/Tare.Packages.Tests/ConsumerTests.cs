using Tare.Fixtures;

namespace Tare.Packages.Tests;

/// <summary>A program of somebody else's that knows nothing but the packages.</summary>
public sealed class ConsumerTests(PackedLibraries packed)
{
    private const string Program = """
        using System.Runtime.Versioning;
        using Tare.Linux.Abi;
        using Tare.Processes;

        [assembly: SupportedOSPlatform("linux")]

        await using ChildProcess child = ChildProcess.Start(
            new ProcessStartOptions("sh", "-c", "read line; echo \"$line\"; kill -TERM $$")
            {
                StandardInput = ChildStream.Pipe,
                StandardOutput = ChildStream.Pipe,
                NoNewPrivileges = true,
                Umask = FileModes.None,
            }
        );
        await using (StreamWriter input = new(child.StandardInput!))
        {
            await input.WriteLineAsync("from the package");
        }

        using StreamReader output = new(child.StandardOutput!);
        Console.Write(await output.ReadToEndAsync());
        Console.WriteLine((await child.WaitForExitAsync()).Status.Signal);
        Console.WriteLine(ProcessSnapshot.ReadOwn().ProcessId == Environment.ProcessId);
        """;

    [Fact]
    public void A_program_builds_and_runs_with_the_packages_alone()
    {
        using TemporaryDirectory folder = Write();
        DotNet.Run(folder.Path, "build", "--configuration", "Release", "--output", folder.At("out"));
        Check(Tool.Run("dotnet", folder.At("out", "Consumer.dll")));
    }

    [Fact]
    public void A_program_with_the_packages_compiles_to_native_code_without_a_warning()
    {
        Require.Program("gcc");
        using TemporaryDirectory folder = Write();
        ToolResult publish = DotNet.Run(
            folder.Path,
            "publish",
            "--configuration",
            "Release",
            "--use-current-runtime",
            "--output",
            folder.At("out"),
            "-p:PublishAot=true",
            "-p:CppCompilerAndLinker=gcc",
            "-p:ObjCopyName=objcopy"
        );
        Assert.DoesNotContain("warning", publish.Output, StringComparison.Ordinal);
        Check(Tool.Run(folder.At("out", "Consumer")));
    }

    private static void Check(ToolResult result) =>
        Assert.Equal(["from the package", "SIGTERM", "True"], result.ShouldSucceed().Lines);

    private TemporaryDirectory Write()
    {
        string cache =
            Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        TemporaryDirectory folder = new();
        folder.Write("Program.cs", Program);
        folder.Write(
            "Consumer.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <InvariantGlobalization>true</InvariantGlobalization>
                <DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Tare.Processes" Version="0.*" />
              </ItemGroup>
            </Project>
            """
        );

        // Packages of its own, so that nobody's cache keeps ours; the compiler's come from what is there already.
        folder.Write(
            "nuget.config",
            $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{folder.At("packages")}" />
              </config>
              <fallbackPackageFolders>
                <clear />
                <add key="cache" value="{cache}" />
              </fallbackPackageFolders>
              <packageSources>
                <clear />
                <add key="packed" value="{packed.Folder}" />
              </packageSources>
            </configuration>
            """
        );
        return folder;
    }
}
