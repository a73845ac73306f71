using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Tare.Fixtures;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Samples.Tests;

/// <summary>A program that stands in a document, and what it says that it prints.</summary>
/// <param name="Heading">Under which heading.</param>
/// <param name="Code">The program.</param>
/// <param name="Expected">What it prints; … is anything within a line. Null where the document does not say.</param>
/// <param name="Needs">What the document says before it that it cannot do without.</param>
internal sealed partial record Snippet(string Heading, string Code, string? Expected, IReadOnlyList<string> Needs)
{
    // What ImplicitUsings gives to a project.
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(':')
            .Where(path => !Path.GetFileName(path).StartsWith("xunit", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    // Beside the runtime that these tests run on: DOTNET/shared/Microsoft.NETCore.App/VERSION.
    private static readonly string JsonGenerator = Directory
        .EnumerateFiles(
            Path.Combine(
                Path.GetDirectoryName(typeof(object).Assembly.Location)!,
                "..",
                "..",
                "..",
                "packs",
                "Microsoft.NETCore.App.Ref"
            ),
            "System.Text.Json.SourceGeneration.dll",
            SearchOption.AllDirectories
        )
        .First();

    /// <summary>All in a document, in their order.</summary>
    public static IReadOnlyList<Snippet> ReadAll(string document)
    {
        string text = TextOf(document);
        List<Snippet> snippets = [];
        foreach (Match code in CodeBlock().Matches(text))
        {
            string before = text[..code.Index];
            string heading = HeadingLine().Matches(before)[^1].Groups[1].Value;
            Match output = OutputBlock().Match(text, code.Index + code.Length);
            snippets.Add(
                new Snippet(
                    heading,
                    code.Groups[1].Value,
                    output.Success && output.Index == code.Index + code.Length ? output.Groups[1].Value : null,
                    NeedsComment().Match(before) is { Success: true } needs ? needs.Groups[1].Value.Split(", ") : []
                )
            );
        }

        return snippets;
    }

    /// <summary>How many fenced blocks of C# begin in a document, whether they are whole or not.</summary>
    public static int BlocksOf(string document) => CodeBegin().Count(TextOf(document));

    /// <summary>Where a document's links lead that are within the repository.</summary>
    public static IEnumerable<string> LinksOf(string document) =>
        Link().Matches(TextOf(document)).Select(link => link.Groups[1].Value).Distinct(StringComparer.Ordinal);

    /// <summary>Skips the test where the machine lacks what the program needs.</summary>
    public void Require()
    {
        foreach (string need in Needs)
        {
            switch (need)
            {
                case "root":
                    Fixtures.Require.Root();
                    break;
                case "cgroup v2":
                    Assert.SkipWhen(
                        CgroupLayout.Read().Value?.Unified is null,
                        "needs a cgroup hierarchy of version 2"
                    );
                    break;
                case "pressure":
                    Assert.SkipUnless(File.Exists("/proc/pressure/cpu"), "needs PSI");
                    break;
                case "process events":
                    RequireProcessEvents();
                    break;
                default:
                    Fixtures.Require.Program(need);
                    break;
            }
        }
    }

    /// <summary>Compiles it, nullable and without a warning, and runs it as a program of its own.</summary>
    public string Run()
    {
        using TemporaryDirectory folder = new();
        CSharpParseOptions language = new(LanguageVersion.Latest);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.ParseText(Usings, language), CSharpSyntaxTree.ParseText(Code, language)],
            References,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        compilation = Code.Contains("JsonSerializable", StringComparison.Ordinal)
            ? Generated(compilation, language)
            : compilation;
        string[] complaints =
        [
            .. compilation
                .GetDiagnostics(TestContext.Current.CancellationToken)
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .Select(diagnostic => diagnostic.ToString()),
        ];
        Assert.True(complaints.Length == 0, $"{Heading}:\n{string.Join('\n', complaints)}");
        Assert.True(
            compilation.Emit(folder.At("Snippet.dll"), cancellationToken: TestContext.Current.CancellationToken).Success
        );
        foreach (string library in Directory.GetFiles(AppContext.BaseDirectory, "Tare.*.dll"))
        {
            File.Copy(library, folder.At(Path.GetFileName(library)));
        }

        File.Copy(
            Path.Combine(AppContext.BaseDirectory, "Tare.Samples.Tests.runtimeconfig.json"),
            folder.At("Snippet.runtimeconfig.json")
        );
        return Tool.Run("dotnet", folder.At("Snippet.dll")).ShouldSucceed().Output;
    }

    /// <summary>Fails where it printed something else than the document says.</summary>
    public void Check(string printed)
    {
        string pattern = string.Join(".*", Expected!.TrimEnd('\n').Split('…').Select(Regex.Escape));
        Assert.True(
            Regex.IsMatch(printed.TrimEnd('\n'), $"^{pattern}$"),
            $"{Heading} prints\n{printed}and the document says\n{Expected}"
        );
    }

    /// <summary>With what the generator of JSON's source adds, as every project has it.</summary>
    private static CSharpCompilation Generated(CSharpCompilation compilation, CSharpParseOptions language)
    {
        IIncrementalGenerator generator = (IIncrementalGenerator)
            Activator.CreateInstance(
                Assembly.LoadFrom(JsonGenerator).GetType("System.Text.Json.SourceGeneration.JsonSourceGenerator")!
            )!;
        CSharpGeneratorDriver
            .Create([generator.AsSourceGenerator()], parseOptions: language)
            .RunGeneratorsAndUpdateCompilation(
                compilation,
                out Compilation generated,
                out _,
                TestContext.Current.CancellationToken
            );
        return (CSharpCompilation)generated;
    }

    private static void RequireProcessEvents()
    {
        SysResult<ProcessEventSocket> opened = ProcessEventSocket.Open(ProcessEventKinds.PROC_EVENT_EXIT);
        Assert.SkipUnless(opened.Ok, $"needs the process connector: {opened.Errno}");
        opened.Value.Dispose();
    }

    private static string TextOf(string document) => File.ReadAllText(Repository.At(document.Split('/')));

    [GeneratedRegex(@"<!-- needs ([^\n]+) -->\s*\z")]
    private static partial Regex NeedsComment();

    [GeneratedRegex(@"^```csharp", RegexOptions.Multiline)]
    private static partial Regex CodeBegin();

    [GeneratedRegex(@"\]\(([^):#]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```csharp\n(.*?)^```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\G\n```text\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex OutputBlock();

    [GeneratedRegex(@"^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex HeadingLine();
}
