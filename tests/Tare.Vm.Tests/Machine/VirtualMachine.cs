using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Tare.Fixtures;

namespace Tare.Vm.Tests.Machine;

/// <summary>
/// An emulated machine that runs scripts. Its console is its first serial line; on the second the scripts go in and
/// what they wrote comes out. Everything that was said is kept in artifacts/vm.
/// </summary>
internal sealed class VirtualMachine : IDisposable
{
    // What the serial line of the kernel holds is limited, and what is too much is lost: so the machine answers each piece.
    private const int Piece = 1024;

    // Two processors that one thread emulates in turn: the kernel changes its own instructions while it runs, and where two
    // threads emulate, the other processor has been seen to run on a breakpoint that was gone already ("Oops: int3").
    private const string Options =
        "-accel tcg,thread=single -smp 2 -m 768 -display none -nic none -no-reboot -monitor none -serial stdio";

    // Only so that a test ends whatever happens: the machine is emulated, and its host may have more to do.
    private static readonly TimeSpan LongestBoot = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestScript = TimeSpan.FromMinutes(5);

    private readonly TemporaryDirectory _folder = new();
    private readonly RunningTool _emulator;
    private readonly Socket _line;
    private readonly StreamReader _answers;
    private readonly StringBuilder _transcript = new();
    private readonly string _name;

    private VirtualMachine(string name, Kernel kernel, string options, Func<Kernel, byte[]> files)
    {
        string emulator = Require.Program(kernel.Hardware.Emulator);
        _name = name;
        File.WriteAllBytes(_folder.At("files"), files(kernel));
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_folder.At("line")));
        listener.Listen();
        _emulator = Tool.Start(
            emulator,
            [
                .. $"{kernel.Hardware.Options} {Options}".Split(' '),
                "-chardev",
                $"socket,id=line,path={_folder.At("line")}",
                .. kernel.Hardware.Line.Split(' '),
                "-kernel",
                kernel.Image,
                "-initrd",
                _folder.At("files"),
                "-append",
                $"console={kernel.Hardware.Console} quiet panic=-1 {options}",
            ],
            new ToolOptions()
        );
        _line = Connect(listener);
        _answers = new StreamReader(new NetworkStream(_line), Encoding.ASCII);
    }

    /// <summary>Where all that was said is kept.</summary>
    public string Log => Repository.At("artifacts", "vm", $"{_name}.log");

    /// <summary>Boots a machine and waits until it takes scripts.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="kernel">What it runs.</param>
    /// <param name="options">Words for the kernel's command line.</param>
    /// <param name="files">The archive of the files that it begins with.</param>
    public static VirtualMachine Boot(string name, Kernel kernel, string options, Func<Kernel, byte[]> files)
    {
        VirtualMachine machine = new(name, kernel, options, files);
        try
        {
            machine.Expect("ready", LongestBoot);
            return machine;
        }
        catch
        {
            machine.Dispose();
            throw;
        }
    }

    /// <summary>Runs a script to its end.</summary>
    public ToolResult Run(string script)
    {
        string request = Pack(script);
        for (int i = 0; i < request.Length; i += Piece)
        {
            Say($"add {request.AsSpan(i, Math.Min(Piece, request.Length - i))}");
            Expect("added", LongestScript);
        }

        Say(string.Create(CultureInfo.InvariantCulture, $"run {(int)LongestScript.TotalSeconds}"));
        string status = Expect("ended ", LongestScript + LongestScript);
        string output = Unpack(Expect("", LongestScript));
        string errors = Unpack(Expect("", LongestScript));
        _transcript.Append(CultureInfo.InvariantCulture, $"── script\n{script}\n── {status}\n{output}{errors}");
        return new ToolResult(
            $"a script on {_name} (see {Log})",
            int.Parse(status.AsSpan("ended ".Length), CultureInfo.InvariantCulture),
            output,
            errors
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Log)!);
        File.WriteAllText(Log, $"{_transcript}\n── console\n{_emulator.Output}\n");
        _answers.Dispose();
        _line.Dispose();
        _emulator.Dispose();
        _folder.Dispose();
    }

    private static Socket Connect(Socket listener)
    {
        Assert.True(listener.Poll(LongestBoot, SelectMode.SelectRead), "the emulator does not connect its serial line");
        return listener.Accept();
    }

    private void Say(string line) => _line.Send(Encoding.ASCII.GetBytes($"{line}\n"));

    private string Expect(string beginning, TimeSpan longest)
    {
        _line.ReceiveTimeout = (int)longest.TotalMilliseconds;
        string? line = null;
        try
        {
            line = _answers.ReadLine();
        }
        catch (IOException)
        {
            // The time is up; said below.
        }

        Assert.True(
            line?.StartsWith(beginning, StringComparison.Ordinal) == true,
            $"{_name} said '{line}' and not '{beginning}' (see {Log}); its console:\n{_emulator.Output}"
        );
        return line!;
    }

    private static string Pack(string text)
    {
        using MemoryStream packed = new();
        using (GZipStream pack = new(packed, CompressionLevel.Optimal))
        {
            pack.Write(Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    private static string Unpack(string text)
    {
        using GZipStream unpack = new(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using StreamReader reader = new(unpack, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
