using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>
/// Machine code of a signal handler that writes its struct siginfo into a descriptor and does nothing else, so that it may
/// interrupt any thread anywhere, in managed code too.
/// </summary>
internal static class SignalHandlerCode
{
    /// <summary>The size of a struct siginfo.</summary>
    public const int InfoSize = 128;

    /// <summary>Where the code that ends a handler begins (x64 only: arm64 has the kernel's own).</summary>
    public const int Restorer = 18;

    // mov edi, descriptor; mov edx, 128; mov eax, write; syscall; ret; mov eax, rt_sigreturn; syscall.
    // The second argument of a handler, the siginfo, is already where write wants its buffer.
    // csharpier-ignore
    private static ReadOnlySpan<byte> X64 =>
        [
            0xBF, 0, 0, 0, 0, 0xBA, 0x80, 0, 0, 0, 0xB8, 1, 0, 0, 0, 0x0F, 0x05, 0xC3,
            0xB8, 15, 0, 0, 0, 0x0F, 0x05,
        ];

    // mov w0, low half; movk w0, high half; mov x2, 128; mov x8, write; svc 0; ret
    private static ReadOnlySpan<uint> Arm64 =>
        [0x5280_0000, 0x72A0_0000, 0xD280_1002, 0xD280_0808, 0xD400_0001, 0xD65F_03C0];

    /// <summary>The code for an architecture.</summary>
    /// <param name="architecture">Which.</param>
    /// <param name="descriptor">The descriptor to write to.</param>
    public static byte[] For(CpuArchitecture architecture, int descriptor)
    {
        if (architecture == CpuArchitecture.X64)
        {
            byte[] code = X64.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(1), descriptor);
            return code;
        }

        uint[] words = Arm64.ToArray();
        words[0] |= (uint)(descriptor & 0xFFFF) << 5;
        words[1] |= (uint)(descriptor >> 16) << 5;
        return MemoryMarshal.AsBytes<uint>(words).ToArray();
    }

    // push rdi; push rsi; push rdx; mov edi, descriptor; mov edx, 128; mov eax, write; syscall; pop rdx; pop rsi; pop rdi;
    // movabs rax, next; jmp rax: the next handler returns to the restorer itself.
    // csharpier-ignore
    private static ReadOnlySpan<byte> X64Chained =>
        [
            0x57, 0x56, 0x52, 0xBF, 0, 0, 0, 0, 0xBA, 0x80, 0, 0, 0, 0xB8, 1, 0, 0, 0, 0x0F, 0x05, 0x5A, 0x5E, 0x5F,
            0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xE0,
        ];

    // mov x3, x0; mov x4, x2; (as above, without ret); mov x0, x3; mov x2, x4; movz and movk x16, next; br x16
    private static ReadOnlySpan<uint> Arm64Chained =>
        [
            0xAA00_03E3,
            0xAA02_03E4,
            0x5280_0000,
            0x72A0_0000,
            0xD280_1002,
            0xD280_0808,
            0xD400_0001,
            0xAA03_03E0,
            0xAA04_03E2,
            0xD280_0010,
            0xF2A0_0010,
            0xF2C0_0010,
            0xF2E0_0010,
            0xD61F_0200,
        ];

    /// <summary>The code of a handler after which another one runs, with the same arguments. x64's has no restorer.</summary>
    /// <param name="architecture">Which.</param>
    /// <param name="descriptor">The descriptor to write to.</param>
    /// <param name="next">The address of the other handler.</param>
    public static byte[] For(CpuArchitecture architecture, int descriptor, nint next)
    {
        if (architecture == CpuArchitecture.X64)
        {
            byte[] code = X64Chained.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(4), descriptor);
            BinaryPrimitives.WriteInt64LittleEndian(code.AsSpan(25), next);
            return code;
        }

        uint[] words = Arm64Chained.ToArray();
        words[2] |= (uint)(descriptor & 0xFFFF) << 5;
        words[3] |= (uint)(descriptor >> 16) << 5;
        for (int part = 0; part < 4; part++)
        {
            words[9 + part] |= (uint)((ulong)next >> (16 * part) & 0xFFFF) << 5;
        }

        return MemoryMarshal.AsBytes<uint>(words).ToArray();
    }
}
