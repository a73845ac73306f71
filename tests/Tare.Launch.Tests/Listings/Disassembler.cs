using System.Globalization;
using System.Text.RegularExpressions;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Listings;

/// <summary>One instruction as binutils reads it, without comments, its blanks made single.</summary>
internal readonly record struct Instruction(int Offset, string Text);

/// <summary>binutils' objdump on bare machine code.</summary>
internal static partial class Disassembler
{
    public static string Require(CpuArchitecture architecture) =>
        Fixtures.Require.Program(architecture == CpuArchitecture.X64 ? "objdump" : "aarch64-linux-gnu-objdump");

    public static IReadOnlyList<Instruction> Read(ReadOnlySpan<byte> code, CpuArchitecture architecture)
    {
        using TemporaryDirectory folder = new();
        string file = folder.At("code");
        File.WriteAllBytes(file, code);
        string[] machine =
            architecture == CpuArchitecture.X64 ? ["-m", "i386:x86-64", "-M", "intel"] : ["-m", "aarch64"];
        ToolResult result = Tool.Run(
            Require(architecture),
            ["-D", "-z", "-b", "binary", "--no-show-raw-insn", .. machine, file],
            new ToolOptions()
        );
        return
        [
            .. result
                .ShouldSucceed()
                .Lines.Select(line => Line().Match(line))
                .Where(match => match.Success)
                .Select(match => new Instruction(
                    int.Parse(match.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                    Blanks().Replace(match.Groups[2].Value, " ").Trim()
                )),
        ];
    }

    [GeneratedRegex(@"^\s*([0-9a-f]+):\s+([^/#]*(?:#[^/]*)?)")]
    private static partial Regex Line();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
