using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Tare.Fixtures;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Seccomp;

namespace Tare.Runtime.Tests.Seccomp;

/// <summary>Filters that libseccomp makes, by a small C program. Skips the test where there is no compiler or library.</summary>
internal static class Libseccomp
{
    private static readonly Lazy<string> Maker = new(Build);

    /// <summary>The architecture as audit(7) names it.</summary>
    public static uint TokenOf(SeccompArchitecture architecture) =>
        architecture switch
        {
            SeccompArchitecture.X64 => 0xC000_003E,
            SeccompArchitecture.X86 => 0x4000_0003,
            SeccompArchitecture.X32 => 0x4000_003E,
            SeccompArchitecture.Arm64 => 0xC000_00B7,
            SeccompArchitecture.Arm => 0x4000_0028,
            _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "not asked for here"),
        };

    /// <summary>The filter, and the greatest number that the profile names on each architecture (-1 is none).</summary>
    public static (SocketFilter[] Filter, Dictionary<SeccompArchitecture, long> Greatest) Make(SeccompSpec profile)
    {
        using TemporaryDirectory folder = new();
        string bytes = folder.At("filter");
        ToolResult made = Tool.Run(
            "sh",
            ["-c", "exec \"$0\" > \"$1\"", Maker.Value, bytes],
            new ToolOptions { Input = Lines(profile) }
        );
        made.ShouldSucceed();
        Dictionary<uint, long> greatest = made
            .Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(
                line => uint.Parse(line[0], CultureInfo.InvariantCulture),
                line => long.Parse(line[1], CultureInfo.InvariantCulture)
            );
        return (
            MemoryMarshal.Cast<byte, SocketFilter>(File.ReadAllBytes(bytes)).ToArray(),
            profile.Architectures.ToDictionary(a => a, a => greatest[TokenOf(a)])
        );
    }

    /// <summary>The profile as the program reads it.</summary>
    public static string Lines(SeccompSpec profile)
    {
        StringBuilder text = new();
        Append($"default {Verdicts.Of(profile.DefaultAction, profile.DefaultErrnoRet)}");
        foreach (SeccompArchitecture architecture in profile.Architectures)
        {
            Append($"arch {TokenOf(architecture)}");
        }

        foreach (SeccompRuleSpec rule in profile.Syscalls)
        {
            foreach (string name in rule.Names)
            {
                Append($"rule {Verdicts.Of(rule.Action, rule.ErrnoRet)} {name} {rule.Args.Count}");
                foreach (SeccompArgSpec arg in rule.Args)
                {
                    // The library counts the operators from 1, in the order of the specification.
                    Append($"{arg.Index} {(int)arg.Operator + 1} {arg.Value} {arg.ValueTwo}");
                }
            }
        }

        return text.ToString();

        void Append(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Build()
    {
        string compiler = Require.Program("gcc");
        Assert.SkipUnless(File.Exists("/usr/include/seccomp.h"), "needs libseccomp-dev");
        string folder = Repository.At("artifacts", "libseccomp");
        Directory.CreateDirectory(folder);
        string program = Path.Combine(folder, "make-filter");
        Tool.Run(compiler, "-O2", "-Wall", "-o", program, Source(), "-lseccomp").ShouldSucceed();
        return program;
    }

    private static string Source([CallerFilePath] string file = "") => Path.ChangeExtension(file, ".c");
}
