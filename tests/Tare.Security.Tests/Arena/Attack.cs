using System.Collections.Concurrent;
using Tare.Fixtures;

namespace Tare.Security.Tests.Arena;

/// <summary>The hostile programs of the folder Attacks, made when they are asked for: static, so that they run in any image.</summary>
internal static class Attack
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Built = [];

    /// <summary>The path of a program on this machine.</summary>
    public static string Program(string name) => Program(name, name, "-static");

    /// <summary>The path of a program that is made in another way, under another name.</summary>
    public static string Program(string name, string source, params string[] options) =>
        Built.GetOrAdd(name, _ => new Lazy<string>(() => Build(name, source, options))).Value;

    /// <summary>Puts programs into a root file system's /bin.</summary>
    public static void Install(string rootfs, params string[] names)
    {
        foreach (string name in names)
        {
            Tool.InstallProgram(Program(name), Path.Combine(rootfs, "bin", name));
        }
    }

    private static string Build(string name, string source, string[] options)
    {
        string compiler = Require.Program("gcc");
        string folder = Repository.At("artifacts", "attacks");
        Directory.CreateDirectory(folder);
        string program = Path.Combine(folder, name);
        string file = Repository.At("tests", "Tare.Security.Tests", "Attacks", $"{source}.c");
        Tool.Run(compiler, ["-O2", "-o", program, file, .. options], new ToolOptions()).ShouldSucceed();
        return program;
    }
}
