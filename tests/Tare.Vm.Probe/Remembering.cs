using System.Runtime.InteropServices;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Vm.Probe;

/// <summary>What the kernel knows of pages.</summary>
internal static class Remembering
{
    private const ProtectionFlags ReadWrite = ProtectionFlags.PROT_READ | ProtectionFlags.PROT_WRITE;

    private static readonly int Page = AnonymousMemory.PageSize;

    /// <summary>Which pages were written since the last look: soft-dirty bits.</summary>
    public static int Written()
    {
        using DirectoryFd own = ProcDirectory.Open(Environment.ProcessId).OrThrow("open");
        nint memory = OwnMappings
            .Map(null, (nuint)(4 * Page), ReadWrite, MapFlags.MAP_PRIVATE | MapFlags.MAP_ANONYMOUS)
            .OrThrow("mmap");
        Write(0, 1, 2, 3);
        Console.WriteLine($"new={Look()}");
        if (PageMap.Clear(own, ReferenceReset.SoftDirty).Errno is var errno && errno != Errno.None)
        {
            Console.WriteLine($"forget={errno}");
            return 0;
        }

        Console.WriteLine($"forgotten={Look()}");
        Write(1, 3);
        Console.WriteLine($"written={Look()}");
        return 0;

        void Write(params int[] pages)
        {
            foreach (int page in pages)
            {
                Marshal.WriteByte(memory + (page * Page), 1);
            }
        }

        string Look() =>
            string.Concat(
                PageMap
                    .Read(own, (ulong)memory, 4)
                    .OrThrow("read the page map")
                    .Select(page => page.IsSoftDirty ? '1' : '0')
            );
    }

    /// <summary>A page of shared memory that is there, and is shown to a mapping only when somebody says so: UFFDIO_CONTINUE.</summary>
    public static int Minor()
    {
        using UserFaultFd faults = UserFaults
            .Open(UserFaultFeatures.UFFD_FEATURE_MINOR_SHMEM, userModeOnly: false)
            .OrThrow("userfaultfd");
        using MemoryFd file = MemFds.Create("pages").OrThrow("memfd_create");
        byte[] content = new byte[Page];
        "before"u8.CopyTo(content);
        Files.WriteAll(file, content).OrThrow("write");
        nint memory = OwnMappings.Map(file, (nuint)Page, ReadWrite, MapFlags.MAP_SHARED).OrThrow("mmap");
        UserFaults.Register(faults, memory, (nuint)Page, UserFaultModes.UFFDIO_REGISTER_MODE_MINOR).OrThrow("register");
        byte[] read = new byte[6];
        Thread reader = new(() => ProcessMemory.Read(Environment.ProcessId, (ulong)memory, read).OrThrow("read"));
        reader.Start();
        UserFault fault = UserFaults.Read(faults).OrThrow("read a fault");
        Console.WriteLine($"fault={fault.Flags},{fault.Address == (ulong)memory}");
        Files.WriteAllAt(file, "behind"u8, 0).OrThrow("write");
        UserFaults.Continue(faults, memory, (nuint)Page).OrThrow("continue");
        reader.Join();
        Console.WriteLine($"read={System.Text.Encoding.ASCII.GetString(read)}");
        Console.WriteLine($"again={UserFaults.Continue(faults, memory, (nuint)Page).Errno}");
        OwnMappings.Unmap(memory, (nuint)Page).OrThrow("munmap");
        return 0;
    }
}
