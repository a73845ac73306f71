using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class SignalPipeTests
{
    [Fact]
    public void A_signal_that_a_process_sends_can_be_read()
    {
        using SignalPipe pipe = SignalPipe.Open(Signal.SIGUSR2).OrThrow("open");
        Assert.Equal(Errno.EAGAIN, pipe.Read().Errno);

        Processes.Kill(Processes.GetPid(), Signal.SIGUSR2).OrThrow("kill");
        Poll.Wait(pipe.Descriptor, PollEvents.POLLIN, TimeSpan.FromSeconds(30)).OrThrow("poll");

        Assert.Equal(new CaughtSignal(Signal.SIGUSR2, IsFromKernel: false), pipe.Read().OrThrow("read"));
    }

    [Fact]
    public void Every_signal_of_a_kind_that_does_not_coalesce_is_read_while_threads_work()
    {
        const int Count = 200;
        Signal realTime = (Signal)40;
        using SignalPipe pipe = SignalPipe.Open(realTime).OrThrow("open");
        bool stop = false;
        Thread[] workers =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(_ => new Thread(() =>
                {
                    while (!Volatile.Read(ref stop))
                    {
                        GC.KeepAlive(new byte[1000]);
                    }
                })),
        ];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        int read = 0;
        for (int sent = 0; sent < Count; sent++)
        {
            Processes.Kill(Processes.GetPid(), realTime).OrThrow("kill");
            Poll.Wait(pipe.Descriptor, PollEvents.POLLIN, TimeSpan.FromSeconds(30)).OrThrow("poll");
            read += pipe.Read().Ok ? 1 : 0;
        }

        Volatile.Write(ref stop, true);
        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        Assert.Equal(Count, read);
    }

    /// <summary>The runtime ignores SIGPIPE.</summary>
    [Fact]
    public void A_signal_that_is_ignored_stays_ignored()
    {
        using SignalPipe pipe = SignalPipe.Open(Signal.SIGPIPE).OrThrow("open");

        Processes.Kill(Processes.GetPid(), Signal.SIGPIPE).OrThrow("kill");

        Assert.Equal(Errno.EAGAIN, pipe.Read().Errno);
    }

    [Fact]
    public void What_happened_before_happens_again_afterwards()
    {
        SignalPipe first = SignalPipe.Open(Signal.SIGUSR1).OrThrow("open");
        using (SignalPipe second = SignalPipe.Open(Signal.SIGUSR1).OrThrow("open"))
        {
            Processes.Kill(Processes.GetPid(), Signal.SIGUSR1).OrThrow("kill");
            Poll.Wait(second.Descriptor, PollEvents.POLLIN, TimeSpan.FromSeconds(30)).OrThrow("poll");
            Assert.True(second.Read().Ok);
        }

        using (first)
        {
            Processes.Kill(Processes.GetPid(), Signal.SIGUSR1).OrThrow("kill");
            Poll.Wait(first.Descriptor, PollEvents.POLLIN, TimeSpan.FromSeconds(30)).OrThrow("poll");
            Assert.True(first.Read().Ok);
        }
    }

    /// <summary>A handler that is still on its way on some thread writes to the number that it was made for.</summary>
    [Fact]
    public void A_pipes_numbers_never_become_another_files()
    {
        SignalPipe pipe = SignalPipe.Open(Signal.SIGUSR1).OrThrow("open");
        int number = pipe.Descriptor.Number;
        string before = Target(number);

        pipe.Dispose();
        pipe.Dispose();
        using FileFd other = Files.OpenAt(null, "/dev/null", OpenFlags.O_RDONLY).OrThrow("open");

        Assert.Equal(before, Target(number));
        Assert.StartsWith("pipe:", before, StringComparison.Ordinal);

        static string Target(int number) =>
            Files.ReadLinkAt(null, $"/proc/self/fd/{number}").OrThrow("read").ToString();
    }

    /// <summary>Read back by binutils: the instructions of the comments.</summary>
    [Theory]
    [InlineData(
        CpuArchitecture.X64,
        "objdump",
        "mov edi,0x10007|mov edx,0x80|mov eax,0x1|syscall|ret|mov eax,0xf|syscall"
    )]
    [InlineData(
        CpuArchitecture.Arm64,
        "aarch64-linux-gnu-objdump",
        "mov w0, #0x7|movk w0, #0x1, lsl #16|mov x2, #0x80|mov x8, #0x40|svc #0x0|ret"
    )]
    public void The_handler_writes_the_siginfo_and_does_nothing_else(
        CpuArchitecture architecture,
        string disassembler,
        string expected
    ) =>
        Assert.Equal(
            expected.Split('|'),
            Disassemble(architecture, disassembler, SignalHandlerCode.For(architecture, 0x1_0007))
        );

    [Theory]
    [InlineData(
        CpuArchitecture.X64,
        "objdump",
        "push rdi|push rsi|push rdx|mov edi,0x10007|mov edx,0x80|mov eax,0x1|syscall|pop rdx|pop rsi|pop rdi"
            + "|movabs rax,0x123456789abc|jmp rax"
    )]
    [InlineData(
        CpuArchitecture.Arm64,
        "aarch64-linux-gnu-objdump",
        "mov x3, x0|mov x4, x2|mov w0, #0x7|movk w0, #0x1, lsl #16|mov x2, #0x80|mov x8, #0x40|svc #0x0|mov x0, x3"
            + "|mov x2, x4|mov x16, #0x9abc|movk x16, #0x5678, lsl #16|movk x16, #0x1234, lsl #32"
            + "|movk x16, #0x0, lsl #48|br x16"
    )]
    public void The_chained_handler_goes_on_to_the_next_with_the_same_arguments(
        CpuArchitecture architecture,
        string disassembler,
        string expected
    ) =>
        Assert.Equal(
            expected.Split('|'),
            Disassemble(
                architecture,
                disassembler,
                SignalHandlerCode.For(architecture, 0x1_0007, unchecked((nint)0x1234_5678_9abc))
            )
        );

    private static string[] Disassemble(CpuArchitecture architecture, string disassembler, byte[] code)
    {
        Require.Program(disassembler);
        using TemporaryDirectory folder = new();
        string file = folder.At("code");
        File.WriteAllBytes(file, code);
        string[] machine =
            architecture == CpuArchitecture.X64 ? ["-m", "i386:x86-64", "-M", "intel"] : ["-m", "aarch64"];
        ToolResult listing = Tool.Run(disassembler, ["-D", "-b", "binary", .. machine, file], new ToolOptions())
            .ShouldSucceed();
        return
        [
            .. listing
                .Lines.Where(line => line.Contains(":\t", StringComparison.Ordinal))
                .Select(line => line.Split('\t'))
                .Where(parts => parts.Length > 2)
                .Select(parts => string.Join(' ', parts[2..]).Split("//")[0])
                .Select(text => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        ];
    }
}
