using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Processes;

namespace Tare.Vm.Probe;

/// <summary>Programs that the kernel has an interpreter execute.</summary>
internal static class Formats
{
    private static readonly BinaryFormat Named = new("tare-named", "/bin/echo") { Extension = "tare" };

    /// <summary>Formats of the machine.</summary>
    public static async Task<int> MachineAsync()
    {
        using MountFd formats = BinaryFormats.New().OrThrow("mount", "binfmt_misc");
        BinaryFormat known = new("tare-known", "/bin/echo")
        {
            Magic = [.. "\0TARE"u8],
            Mask = [0xff, 0xdf, 0xdf, 0xdf, 0xdf],
            Offset = 2,
            Flags = BinaryFormatFlags.KeepArgv0 | BinaryFormatFlags.FixInterpreter,
        };
        Write("/tmp/a.tare", "text\n");
        Write("/tmp/b", "ab\0tArE");
        Console.WriteLine($"before={await Execute("/tmp/a.tare")},{await Execute("/tmp/b")}");
        BinaryFormats.Register(formats, Named).OrThrow("register", Named.Name);
        BinaryFormats.Register(formats, known).OrThrow("register", known.Name);
        Console.WriteLine($"again={BinaryFormats.Register(formats, Named).Errno}");
        Console.WriteLine($"list={string.Join(',', BinaryFormats.List(formats).OrThrow("list"))}");
        Console.WriteLine(
            $"same={BinaryFormats.Read(formats, Named.Name).Value == Named},{BinaryFormats.Read(formats, known.Name).Value == known}"
        );
        Console.WriteLine($"named={await Execute("/tmp/a.tare")}");
        Console.WriteLine($"known={await Execute("/tmp/b")}");
        Console.WriteLine($"inside={await Inside()}");
        BinaryFormats.Enable(formats, Named.Name, on: false).OrThrow("disable", Named.Name);
        Console.WriteLine(
            $"disabled={await Execute("/tmp/a.tare")},{BinaryFormats.Read(formats, Named.Name).Value?.IsEnabled}"
        );
        foreach (BinaryFormat format in (BinaryFormat[])[Named, known])
        {
            BinaryFormats.Remove(formats, format.Name).OrThrow("remove", format.Name);
        }

        Console.WriteLine($"removed={await Execute("/tmp/b")},{BinaryFormats.Read(formats, known.Name).Errno}");
        return 0;
    }

    /// <summary>A format of a user namespace's own, which is nobody else's.</summary>
    public static async Task<int> OwnAsync()
    {
        SysResult<MountFd> mounted = BinaryFormats.New();
        if (!mounted.Ok)
        {
            Console.Write(mounted.Errno);
            return 0;
        }

        using MountFd formats = mounted.Value;
        Console.Write($"{BinaryFormats.List(formats).OrThrow("list").Count} ");
        BinaryFormats.Register(formats, new("tare-own", "/bin/echo") { Extension = "own" }).OrThrow("register");
        Console.Write($"{await Execute("/tmp/a.own")} {await Execute("/tmp/a.tare")}");
        return 0;
    }

    private static async Task<string> Inside()
    {
        Write("/tmp/a.own", "text\n");
        ProcessTextOutput told = await ChildProcess.RunAndCaptureTextAsync(
            new("/programs/probe", "own-format")
            {
                Namespaces = new() { New = CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWNS },
            }
        );
        return $"{told.StandardOutput} {await Execute("/tmp/a.own")}";
    }

    private static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ed);
    }

    private static async Task<string> Execute(string path)
    {
        try
        {
            ProcessTextOutput output = await ChildProcess.RunAndCaptureTextAsync(
                new(path, "argument") { Argv0 = "zero" }
            );
            return output.StandardOutput.Trim();
        }
        catch (ProcessStartException failure)
        {
            return failure.Errno.ToString();
        }
    }
}
