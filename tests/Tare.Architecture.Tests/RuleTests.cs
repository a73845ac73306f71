using Tare.Architecture.Tests.Rules;

namespace Tare.Architecture.Tests;

/// <summary>Each rule can fail: it is shown a made-up offender, and a made-up innocent beside it.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("src/Tare.Linux/Tare.Linux.csproj", "Tare.Launch")]
    [InlineData("src/Tare.Oci/Tare.Oci.csproj", "Tare.Linux")]
    [InlineData("src/Tare.Processes/Tare.Processes.csproj", "Tare.Runtime")]
    [InlineData("src/Tare.Runtime/Tare.Runtime.csproj", "Tare.Processes")]
    [InlineData("apps/tare/tare.csproj", "Tare.Fixtures")]
    public void An_arrow_that_is_not_in_the_drawing_is_a_complaint(string project, string reference) =>
        Assert.Equal(
            [$"{Path.GetFileNameWithoutExtension(project)} → {reference}: no such arrow"],
            Arrows.Complaints([Project(project, reference)])
        );

    [Fact]
    public void An_arrow_of_the_drawing_is_none() =>
        Assert.Empty(Arrows.Complaints([Project("src/Tare.Runtime/Tare.Runtime.csproj", "Tare.Launch")]));

    [Fact]
    public void A_project_that_the_drawing_does_not_have_is_a_complaint() =>
        Assert.Single(Arrows.Complaints([Project("src/Tare.Attic/Tare.Attic.csproj")]));

    [Theory]
    [InlineData("<PropertyGroup><AllowUnsafeBlocks>true</AllowUnsafeBlocks></PropertyGroup>")]
    [InlineData("<Import Project='../../eng/KernelLibrary.props' />")]
    public void A_project_that_allows_unsafe_code_is_a_complaint(string element)
    {
        string xml = $"<Project>{element}</Project>";
        Assert.Single(UnsafeProjects.Complaints([ProjectFile.Parse("src/Tare.Runtime/Tare.Runtime.csproj", xml)]));
        Assert.Empty(UnsafeProjects.Complaints([ProjectFile.Parse("src/Tare.Launch/Tare.Launch.csproj", xml)]));
    }

    [Theory]
    [InlineData("src/Tare.Launch/Plan/Step.cs", 1)]
    [InlineData("apps/tare/Program.cs", 1)]
    [InlineData("src/Tare.Linux/Interop/Interop.mount.cs", 0)]
    [InlineData("src/Tare.Linux/Abi/StatX.cs", 0)]
    [InlineData("src/Tare.Launch/Launching/LaunchMemory.Unsafe.cs", 0)]
    [InlineData("tests/Tare.Launch.Tests/Probe.cs", 0)]
    public void Unsafe_stands_only_in_its_rooms(string path, int complaints) =>
        Assert.Equal(complaints, Count(new UnsafeRooms(), path, "class C { unsafe void M(int* p) { } }"));

    [Fact]
    public void The_word_unsafe_in_a_text_or_a_comment_is_no_unsafe_code() =>
        Assert.Equal(0, Count(new UnsafeRooms(), "src/A.cs", "class C { /* unsafe */ string s = \"unsafe\"; }"));

    [Theory]
    [InlineData("class C { void M() { unsafe { int* p = null; } } }", 1)]
    [InlineData("class C { void M() { unsafe { /* SAFETY: */ int* p = null; } } }", 1)]
    [InlineData("class C { unsafe void M() { int* p = null; } }", 1)]
    [InlineData("class C { unsafe int M => *(int*)0; }", 1)]
    [InlineData("unsafe class C { }", 1)]
    [InlineData("class C { unsafe int* field; }", 0)]
    [InlineData("class C { static unsafe extern void M(int* p); }", 0)]
    [InlineData("class C { void M() { unsafe {\n// SAFETY: it is null.\nint* p = null; } } }", 0)]
    [InlineData("class C {\n// SAFETY: it is null.\nunsafe int M() => 0; }", 0)]
    public void Unsafe_code_says_why_it_is_safe(string text, int complaints) =>
        Assert.Equal(complaints, Count(new SafetyComments(), "src/Tare.Linux/Interop/A.cs", text));

    [Theory]
    [InlineData("src/A.cs", "Thread.Sleep(1)")]
    [InlineData("tests/A.cs", "System.Threading.Thread.Sleep(1)")]
    [InlineData("apps/A.cs", "await Task.Delay(1)")]
    [InlineData("src/A.cs", "Console.WriteLine()")]
    [InlineData("src/A.cs", "System.Console.Out.Flush()")]
    [InlineData("apps/A.cs", "Process.Start(\"true\")")]
    [InlineData("src/A.cs", "x = DateTime.UtcNow")]
    [InlineData("src/A.cs", "throw new NotImplementedException()")]
    public void A_banned_symbol_is_a_complaint(string path, string statement) =>
        Assert.NotEqual(0, Count(new BannedWords(), path, $"class C {{ async void M() {{ {statement}; }} }}"));

    [Theory]
    [InlineData("// TO" + "DO: later")]
    [InlineData("/* FIX" + "ME */")]
    public void An_unfinished_comment_is_a_complaint(string comment) =>
        Assert.Equal(1, Count(new BannedWords(), "tests/A.cs", $"class C {{ {comment}\n }}"));

    [Theory]
    [InlineData("apps/A.cs", "Console.WriteLine()")]
    [InlineData("src/A.cs", "x.Start()")]
    [InlineData("src/A.cs", "ProcessConsole.Open()")]
    public void What_only_looks_like_a_banned_symbol_is_none(string path, string statement) =>
        Assert.Equal(0, Count(new BannedWords(), path, $"class C {{ void M() {{ {statement}; }} }}"));

    [Theory]
    [InlineData(FileLength.Limit + 1, 1)]
    [InlineData(FileLength.Limit, 0)]
    public void A_file_is_never_longer_than_the_limit(int lines, int complaints) =>
        Assert.Equal(complaints, Count(new FileLength(), "src/A.cs", new string('\n', lines)));

    [Theory]
    [InlineData("src/Tare.Linux/Utils/A.cs", "class A;", 1)]
    [InlineData("src/Tare.Linux/common/A.cs", "class A;", 1)]
    [InlineData("src/Tare.Linux/Mounts/A.cs", "class MountHelper;", 1)]
    [InlineData("src/Tare.Linux/Mounts/A.cs", "class CgroupManager;", 1)]
    [InlineData("src/Tare.Linux/Mounts/A.cs", "class Mount;", 0)]
    public void Names_say_something(string path, string text, int complaints) =>
        Assert.Equal(complaints, Count(new TellingNames(), path, text));

    private static int Count(ISourceRule rule, string path, string text) =>
        rule.Complaints(new SourceFile(path, text)).Count();

    private static ProjectFile Project(string path, params string[] references) =>
        ProjectFile.Parse(
            path,
            $"<Project>{string.Concat(references.Select(name => $"<ProjectReference Include='../{name}/{name}.csproj' />"))}</Project>"
        );
}
