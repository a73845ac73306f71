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
}
