using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>Programs of 32 bits on the arm64 machine: their system calls have numbers of their own.</summary>
[Collection<Arm64>]
public sealed class Arm32Tests(Arm64Guest guest)
{
    private const int HeaderSize = 52;
    private const int SegmentSize = 32;
    private const uint Address = 0x10000;

    /// <summary>Makes the directory /tmp/made and ends with the errno, as an ELF executable of 32 bits. elf(5).</summary>
    internal static byte[] Program()
    {
        // add r0, pc, #20 (the path); mov r1, #0700; mov r7, #39 (mkdir); svc 0; rsb r0, r0, #0; mov r7, #1 (exit); svc 0
        uint[] code = [0xE28F0014, 0xE3A01D07, 0xE3A07027, 0xEF000000, 0xE2600000, 0xE3A07001, 0xEF000000];
        const int Start = HeaderSize + SegmentSize;
        byte[] path = "/tmp/made\0"u8.ToArray();
        byte[] image = new byte[Start + (4 * code.Length) + path.Length];
        "\u007fELF\u0001\u0001\u0001"u8.CopyTo(image);
        Put(16, (40 << 16) | 2, 1, Address + Start, HeaderSize); // an executable, ARM, where it starts, the segment
        Put(36, 0x05000000, HeaderSize | (SegmentSize << 16), 1); // EABI 5
        Put(HeaderSize, 1, 0, Address, Address, (uint)image.Length, (uint)image.Length, 5, 0x10000);
        Put(Start, code);
        path.CopyTo(image.AsSpan(Start + (4 * code.Length)));
        return image;

        void Put(int at, params ReadOnlySpan<uint> words)
        {
            foreach (uint word in words)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(at), word);
                at += 4;
            }
        }
    }

    [Fact]
    public void A_program_of_32_bits_runs() => Assert.Equal(0, Run(_ => { }).ExitCode);

    [Fact]
    public void A_profile_that_names_its_architecture_is_for_it_too()
    {
        const int NotImplemented = 38;

        Assert.Equal(NotImplemented, Run(config => Deny(config, "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM")).ExitCode);
    }

    [Fact]
    public void A_profile_that_does_not_name_its_architecture_ends_it()
    {
        const int KilledForCall = 128 + 31;

        Assert.Equal(KilledForCall, Run(config => Deny(config, "SCMP_ARCH_AARCH64")).ExitCode);
    }

    [Theory]
    [InlineData("LINUX", "aarch64")]
    [InlineData("LINUX32", "armv8l")]
    public void The_domain_of_a_personality_says_what_the_machine_is(string domain, string machine)
    {
        string bundle = guest.Bundle(
            ["uname", "-m"],
            config => config["linux"]!["personality"] = new JsonObject { ["domain"] = domain }
        );

        Assert.Equal([machine], guest.Run($"tare-oci run --bundle {bundle} domain").ShouldSucceed().Lines);
    }

    private static void Deny(JsonObject config, params string[] architectures) =>
        config["linux"]!["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["architectures"] = new JsonArray([.. architectures.Select(name => JsonValue.Create(name))]),
            ["syscalls"] = new JsonArray(
                new JsonObject
                {
                    ["names"] = new JsonArray("mkdir", "mkdirat"),
                    ["action"] = "SCMP_ACT_ERRNO",
                    ["errnoRet"] = 38,
                }
            ),
        };

    private ToolResult Run(Action<JsonObject> edit)
    {
        string bundle = guest.Bundle(
            ["make32"],
            config =>
            {
                config.AddTmpfs("/tmp");
                edit(config);
            }
        );
        return guest.Run($"tare-oci run --bundle {bundle} narrow");
    }
}
