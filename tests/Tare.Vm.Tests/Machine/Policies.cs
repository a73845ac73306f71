using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>What the machine's security modules are given, compiled here: see Policies/.</summary>
internal static class Policies
{
    /// <summary>AppArmor's profiles as its kernel interface takes them; empty where there is no compiler.</summary>
    public static byte[] Profiles()
    {
        const string Features = "/etc/apparmor.d/abi/3.0";
        return Compile(
            "apparmor_parser",
            path =>
                $"apparmor_parser --skip-kernel-load --skip-cache --stdout --policy-features {Features} --kernel-features {Features} "
                + $"'{Source("profiles")}' >{path}"
        );
    }

    /// <summary>SELinux's policy as its kernel interface takes it; empty where there is no compiler.</summary>
    public static byte[] Contexts() =>
        Compile(
            "secilc",
            path => $"secilc --policyvers 31 --output {path} --filecontext /dev/null '{Source("policy.cil")}'"
        );

    private static string Source(string name) => Repository.At("tests", "Tare.Vm.Tests", "Policies", name);

    private static byte[] Compile(string compiler, Func<string, string> command)
    {
        if (Tool.Find(compiler) is null)
        {
            return [];
        }

        using TemporaryDirectory folder = new();
        Tool.Run("sh", "-c", command(folder.At("compiled"))).ShouldSucceed();
        return File.ReadAllBytes(folder.At("compiled"));
    }
}
