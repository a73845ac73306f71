using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Runtime.Observation;

/// <summary>Reads the host name of a UTS namespace, which only who is in it can: a thread of its own goes there and ends.</summary>
internal static class HostnameReading
{
    /// <summary>The name; EPERM for who may not enter the namespace.</summary>
    public static SysResult<string> Read(PidFd process, int processId)
    {
        SysResult<NamespaceFd> opened = Namespaces.Open(process, processId, CloneFlags.CLONE_NEWUTS);
        if (!opened.Ok)
        {
            return new("", opened.Errno);
        }

        using NamespaceFd names = opened.Value;
        SysResult<string> name = default;
        Thread visitor = new(() =>
        {
            SysResult entered = Namespaces.SetNs(names, CloneFlags.CLONE_NEWUTS);
            SysResult<byte[]> text = entered.Ok
                ? Files.ReadAllAt(null, "/proc/sys/kernel/hostname")
                : new([], entered.Errno);
            name = new(text.Ok ? Encoding.UTF8.GetString(text.Value).TrimEnd('\n') : "", text.Errno);
        });
        visitor.Start();
        visitor.Join();
        return name;
    }
}
