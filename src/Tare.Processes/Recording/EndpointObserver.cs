using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Reads the addresses of calls that have some.</summary>
internal sealed class EndpointObserver(RecordingBuilder builder)
{
    private const int MostMessages = 1024; // UIO_MAXIOV, the kernel's own limit

    private static readonly Lazy<int> FirstOpen = new(ReadFirstOpen);

    /// <summary>The first port that anybody may bind. /proc/sys/net/ipv4/ip_unprivileged_port_start, ip(7).</summary>
    public static int FirstOpenPort => FirstOpen.Value;

    /// <summary>Records and gives a call's addresses.</summary>
    public List<RecordedEndpoint> See(SystemCall call, string name)
    {
        List<RecordedEndpoint> seen = [];
        EndpointUse use = name switch
        {
            "connect" => EndpointUse.Connect,
            "bind" => EndpointUse.Bind,
            _ => EndpointUse.Send,
        };
        foreach ((ulong address, ulong length) in Places(call, name))
        {
            int count = (int)Math.Min(length, SocketAddress.MaximumLength);
            if (address == 0 || count < 2)
            {
                continue;
            }

            byte[] bytes = new byte[count];
            int read = call.ReadMemory(address, bytes);

            // AF_UNSPEC undoes a connection.
            if (SocketAddress.Parse(bytes.AsSpan(0, read)) is { Family: not SocketFamily.AF_UNSPEC } parsed)
            {
                SocketType type = TypeOf(call.ThreadId, (int)call.Arguments[0]);
                RecordedEndpoint endpoint = new(use, parsed.Family, parsed.Address, parsed.Port, type);
                builder.Add(endpoint);
                seen.Add(endpoint);
            }
        }

        return seen;
    }

    private static List<(ulong Address, ulong Length)> Places(SystemCall call, string name)
    {
        bool wide = call.Abi is not (FilterAbi.X86 or FilterAbi.Arm);
        List<(ulong Address, ulong Length)> places = [];
        switch (name)
        {
            case "sendto":
                places.Add((call.Arguments[4], call.Arguments[5]));
                break;
            case "sendmsg":
                AddMessage(call, call.Arguments[1], wide, places);
                break;
            case "sendmmsg":
                ulong size = wide ? 64ul : 32;
                for (ulong i = 0; i < Math.Min(call.Arguments[2], MostMessages); i++)
                {
                    AddMessage(call, call.Arguments[1] + (i * size), wide, places);
                }

                break;
            default:
                places.Add((call.Arguments[1], call.Arguments[2]));
                break;
        }

        return places;
    }

    // struct msghdr begins with the address and its length.
    private static void AddMessage(SystemCall call, ulong header, bool wide, List<(ulong, ulong)> places)
    {
        byte[] bytes = new byte[12];
        if (call.ReadMemory(header, bytes) == bytes.Length)
        {
            places.Add(
                wide
                    ? (
                        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8))
                    )
                    : (
                        BinaryPrimitives.ReadUInt32LittleEndian(bytes),
                        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4))
                    )
            );
        }
    }

    private static SocketType TypeOf(int threadId, int number)
    {
        // A pidfd is of a process: the thread's number is not always its.
        SysResult<ProcStatus> status = ProcStatus.Read(threadId);
        if (!status.Ok)
        {
            return SocketType.Unknown;
        }

        SysResult<PidFd> opened = PidFds.Open(status.Value.ThreadGroupId);
        if (!opened.Ok)
        {
            return SocketType.Unknown;
        }

        using PidFd process = opened.Value;
        SysResult<FileFd> duplicate = PidFds.GetFd(process, number);
        if (!duplicate.Ok)
        {
            return SocketType.Unknown;
        }

        using FileFd socket = duplicate.Value;
        SysResult<Linux.Abi.SocketFlags> type = SocketTypes.Of(socket);
        return type.Ok ? (SocketType)(int)type.Value : SocketType.Unknown;
    }

    private static int ReadFirstOpen()
    {
        const int Usual = 1024;
        SysResult<byte[]> text = Files.ReadAllAt(null, "/proc/sys/net/ipv4/ip_unprivileged_port_start", 64);
        return text.Ok && int.TryParse(Encoding.ASCII.GetString(text.Value), out int port) ? port : Usual;
    }
}
