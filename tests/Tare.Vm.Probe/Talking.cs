using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>What the kernel carries and tells by sockets.</summary>
internal static class Talking
{
    private const uint Port = 4711;

    /// <summary>A virtual machine's sockets, to itself.</summary>
    public static int ToItself()
    {
        foreach (SocketFlags type in (SocketFlags[])[SocketFlags.SOCK_STREAM, SocketFlags.SOCK_SEQPACKET])
        {
            using SocketFd listener = MachineSockets.Listen(Port, MachineSockets.Local, type: type).OrThrow("listen");
            Errno again = MachineSockets.Listen(Port, MachineSockets.Local, type: type).Errno;
            using SocketFd client = MachineSockets.Connect(MachineSockets.Local, Port, type).OrThrow("connect");
            using SocketFd accepted = UnixSockets.Accept(listener).OrThrow("accept4");
            Files.WriteAll(client, "hello"u8).OrThrow("write");
            Files.WriteAll(client, "again"u8).OrThrow("write");
            client.Dispose();
            using DescriptorStream server = new(accepted, FileAccess.ReadWrite);
            byte[] buffer = new byte[100];
            List<int> sizes = [];
            int all = 0;
            while (server.Read(buffer.AsSpan(all)) is > 0 and var size)
            {
                sizes.Add(size);
                all += size;
            }

            string told = type == SocketFlags.SOCK_SEQPACKET ? string.Join('+', sizes) : $"{all}";
            Console.WriteLine($"{type}={again},{told},{System.Text.Encoding.ASCII.GetString(buffer, 0, all)}");
        }

        Console.WriteLine($"nobody={MachineSockets.Connect(MachineSockets.Local, Port + 1).Errno}");
        Console.WriteLine(
            $"datagrams={MachineSockets.Connect(MachineSockets.Local, Port, SocketFlags.SOCK_DGRAM).Errno}"
        );
        return 0;
    }

    /// <summary>Records of the audit: this program's own, and the kernel's of a rule that it is given.</summary>
    public static int Audit()
    {
        using AuditSocket control = AuditSocket.Open().OrThrow("open")!;
        uint before = control.ReadStatus().OrThrow("ask").Enabled;
        control.SetEnabled(true).OrThrow("switch the audit on");
        try
        {
            using AuditSocket reader = AuditSocket.Open(listen: true).OrThrow("listen")!;
            Console.WriteLine($"enabled={control.ReadStatus().OrThrow("ask").Enabled}");
            control.Write("tare-first").OrThrow("write");
            AuditRecord own = Next(reader, "tare-first");
            Console.WriteLine($"own={own.Type},{own.Text.StartsWith("audit(", StringComparison.Ordinal)}");

            // AUDIT_ANOM_ABEND: a signal that dumps core ends a program.
            using ChildProcess child = ChildProcess.Start(new("sh", "-c", "kill -SEGV $$"));
            child.WaitForExit();
            AuditRecord abend = Next(reader, $"pid={child.ProcessId}");
            Console.WriteLine($"kernel={abend.Type},{abend.Text.Contains("sig=11", StringComparison.Ordinal)}");
        }
        finally
        {
            control.SetEnabled(before != 0).OrThrow("leave the audit as it was");
        }

        Console.WriteLine($"after={control.ReadStatus().OrThrow("ask").Enabled == before}");
        return 0;
    }

    /// <summary>A core dump goes to who listens, and the kernel says whose it is.</summary>
    public static async Task<int> DumpAsync()
    {
        const string Pattern = "/proc/sys/kernel/core_pattern";
        const string Address = "/run/dumps";
        string before = File.ReadAllText(Pattern);
        File.Delete(Address);
        using SocketFd listener = UnixSockets.Listen(Address).OrThrow("listen", Address);
        File.WriteAllText(Pattern, $"@{Address}");
        try
        {
            CoreDumpPattern pattern = CoreDumpPattern.Read().OrThrow("read", Pattern);
            Console.WriteLine($"pattern={pattern.Target},{pattern.Text}");
            await using ChildProcess child = ChildProcess.Start(
                new("sh", "-c", "kill -SEGV $$")
                {
                    Limits = new ProcessStartLimits { CoreDump = new(64 << 20, 64 << 20) },
                }
            );
            using SocketFd accepted = UnixSockets.Accept(listener).OrThrow("accept4");
            using PidFd sender = UnixSockets.GetPeerProcess(accepted).OrThrow("ask who sends");
            Console.WriteLine($"whose={PidFds.GetProcessId(sender).OrThrow("ask") == child.ProcessId}");
            Console.WriteLine($"state={PidFds.GetCoreDump(sender).OrThrow("ask")}");
            using MemoryStream dump = new();
            await using (DescriptorStream stream = new(accepted, FileAccess.Read))
            {
                await stream.CopyToAsync(dump);
            }

            ProcessExit exit = await child.WaitForExitAsync();
            byte[] head = dump.ToArray()[..18];
            Console.WriteLine($"head={Convert.ToHexString(head[..4])},{head[16]}");
            Console.WriteLine($"end={exit.Status.Signal},{exit.Status.CoreDumped}");
            SysResult<Signal> signal = PidFds.GetCoreDumpSignal(sender);
            Console.WriteLine($"signal={(signal.Ok ? signal.Value : Signal.None)}");
            Console.WriteLine($"code={PidFds.GetCoreDumpCode(sender).OrThrow("ask")?.ToString() ?? "none"}");
        }
        finally
        {
            File.WriteAllText(Pattern, before);
            File.Delete(Address);
        }

        return 0;
    }

    /// <summary>Core dumps whose listener says what it wants of them.</summary>
    public static async Task<int> NegotiateAsync()
    {
        const string Pattern = "/proc/sys/kernel/core_pattern";
        const string Address = "/run/asked";
        string before = File.ReadAllText(Pattern);
        File.Delete(Address);
        using SocketFd listener = UnixSockets.Listen(Address).OrThrow("listen", Address);
        File.WriteAllText(Pattern, $"@@{Address}");
        try
        {
            await TakeAsync(CoreDumpActions.COREDUMP_KERNEL | CoreDumpActions.COREDUMP_WAIT);
            await TakeAsync(CoreDumpActions.COREDUMP_REJECT | CoreDumpActions.COREDUMP_WAIT);
            await TakeAsync(CoreDumpActions.COREDUMP_KERNEL | CoreDumpActions.COREDUMP_REJECT);
        }
        finally
        {
            File.WriteAllText(Pattern, before);
            File.Delete(Address);
        }

        return 0;

        async Task TakeAsync(CoreDumpActions wanted)
        {
            await using ChildProcess child = ChildProcess.Start(
                new("sh", "-c", "kill -SEGV $$")
                {
                    Limits = new ProcessStartLimits { CoreDump = new(64 << 20, 64 << 20) },
                }
            );
            SocketFd accepted = UnixSockets.Accept(listener).OrThrow("accept4");
            CoreDumpActions can = CoreDumpSocket.ReadRequest(accepted).OrThrow("read the request");
            CoreDumpMark mark = CoreDumpSocket.Answer(accepted, wanted).OrThrow("answer");
            using MemoryStream dump = new();
            await using (DescriptorStream stream = new(accepted, FileAccess.Read))
            {
                await stream.CopyToAsync(dump);
            }

            ProcessExit exit = await child.WaitForExitAsync();
            Console.WriteLine(
                $"{(can & wanted) == wanted},{mark},{dump.Length > 1000},{exit.Status.Signal},{exit.Status.CoreDumped}"
            );
        }
    }

    private static AuditRecord Next(AuditSocket reader, string part)
    {
        while (true)
        {
            SysResult<AuditRecord?> taken = reader.TryTake();
            if (taken.Errno == Errno.EAGAIN)
            {
                Poll.Wait(reader.Descriptor, PollEvents.POLLIN, TimeSpan.FromSeconds(60)).OrThrow("wait");
                continue;
            }

            if (taken.OrThrow("take a record")!.Text.Contains(part, StringComparison.Ordinal))
            {
                return taken.Value!;
            }
        }
    }
}
