using System.Globalization;
using System.Text;
using Tare.Linux.Abi;

namespace Tare.Launch.Calls;

/// <summary>Steps that set what belongs to the namespaces that the child is in.</summary>
public static class NamespaceSettingCalls
{
    /// <summary>Sets the host name. sethostname(2), CAP_SYS_ADMIN in the UTS namespace's owner.</summary>
    public static void SetHostName(LaunchPlanBuilder plan, string name) =>
        plan.Call($"set the host name '{name}'", Syscall.sethostname, name, Encoding.UTF8.GetByteCount(name));

    /// <summary>Sets the domain name. setdomainname(2).</summary>
    public static void SetDomainName(LaunchPlanBuilder plan, string name) =>
        plan.Call($"set the domain name '{name}'", Syscall.setdomainname, name, Encoding.UTF8.GetByteCount(name));

    /// <summary>Sets a clock of the time namespace that was made and not entered yet. time_namespaces(7).</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="clock">monotonic or boottime.</param>
    /// <param name="offset">How far it is ahead.</param>
    public static void SetOffset(LaunchPlanBuilder plan, string clock, TimeSpan offset)
    {
        long seconds = (long)Math.Floor(offset.TotalSeconds);
        long nanoseconds = (offset.Ticks - (seconds * TimeSpan.TicksPerSecond)) * TimeSpan.NanosecondsPerTick;
        Write(
            plan,
            $"set the offset of the {clock} clock",
            "/proc/self/timens_offsets",
            string.Create(CultureInfo.InvariantCulture, $"{clock} {seconds} {nanoseconds}\n")
        );
    }

    /// <summary>Sets a parameter of the kernel's that belongs to a namespace. sysctl(8).</summary>
    public static void SetParameter(LaunchPlanBuilder plan, string name, string value) =>
        Write(plan, $"set {name}", $"/proc/sys/{name.Replace('.', '/')}", value);

    private static void Write(LaunchPlanBuilder plan, string words, string path, string text) =>
        FileCalls.Write(plan, words, path, path, text);
}
