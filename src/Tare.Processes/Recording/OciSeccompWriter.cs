using System.Buffers;
using System.Text;
using System.Text.Json;
using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Processes;

/// <summary>Writes a profile as <c>linux.seccomp</c> of config.json. OCI runtime-spec 1.2, config-linux.md, "Seccomp".</summary>
internal static class OciSeccompWriter
{
    /// <summary>Writes it.</summary>
    /// <exception cref="NotSupportedException">An answer has no name there.</exception>
    public static string Write(SeccompProfile profile)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            WriteAnswer(json, "defaultAction", "defaultErrnoRet", profile.Otherwise.Word);
            json.WriteStartArray("architectures");
            foreach (FilterAbi abi in profile.FurtherAbis.Prepend(Own))
            {
                json.WriteStringValue(ArchitectureOf(abi));
            }

            json.WriteEndArray();
            json.WriteStartArray("syscalls");
            foreach (CallRule rule in profile.Rules)
            {
                WriteRule(json, rule);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static FilterAbi Own =>
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
        == System.Runtime.InteropServices.Architecture.Arm64
            ? FilterAbi.Arm64
            : FilterAbi.X64;

    private static void WriteRule(Utf8JsonWriter json, CallRule rule)
    {
        json.WriteStartObject();
        json.WriteStartArray("names");
        foreach (string name in rule.Names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        WriteAnswer(json, "action", "errnoRet", rule.Verdict);
        if (!rule.Conditions.IsDefaultOrEmpty)
        {
            json.WriteStartArray("args");
            foreach (ArgumentCondition condition in rule.Conditions)
            {
                json.WriteStartObject();
                json.WriteNumber("index", condition.Index);
                json.WriteNumber("value", condition.Value);
                if (condition.Comparison == ArgumentComparison.MaskedEqual)
                {
                    json.WriteNumber("valueTwo", condition.Masked);
                }

                json.WriteString("op", OperatorOf(condition.Comparison));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteAnswer(Utf8JsonWriter json, string action, string errno, uint word)
    {
        const uint DataMask = 0xffff;
        SeccompAction kind = FilterVerdicts.ActionOf(word);
        json.WriteString(
            action,
            kind switch
            {
                SeccompAction.SECCOMP_RET_ALLOW => "SCMP_ACT_ALLOW",
                SeccompAction.SECCOMP_RET_ERRNO => "SCMP_ACT_ERRNO",
                SeccompAction.SECCOMP_RET_LOG => "SCMP_ACT_LOG",
                SeccompAction.SECCOMP_RET_TRAP => "SCMP_ACT_TRAP",
                SeccompAction.SECCOMP_RET_KILL_PROCESS => "SCMP_ACT_KILL_PROCESS",
                SeccompAction.SECCOMP_RET_KILL_THREAD => "SCMP_ACT_KILL_THREAD",
                SeccompAction.SECCOMP_RET_USER_NOTIF => "SCMP_ACT_NOTIFY",
                _ => throw new NotSupportedException($"seccomp's answer 0x{word:x} has no name in OCI profiles"),
            }
        );
        if (kind == SeccompAction.SECCOMP_RET_ERRNO)
        {
            json.WriteNumber(errno, word & DataMask);
        }
    }

    private static string OperatorOf(ArgumentComparison comparison) =>
        comparison switch
        {
            ArgumentComparison.NotEqual => "SCMP_CMP_NE",
            ArgumentComparison.LessThan => "SCMP_CMP_LT",
            ArgumentComparison.LessOrEqual => "SCMP_CMP_LE",
            ArgumentComparison.Equal => "SCMP_CMP_EQ",
            ArgumentComparison.GreaterOrEqual => "SCMP_CMP_GE",
            ArgumentComparison.GreaterThan => "SCMP_CMP_GT",
            _ => "SCMP_CMP_MASKED_EQ",
        };

    private static string ArchitectureOf(FilterAbi abi) =>
        abi switch
        {
            FilterAbi.X64 => "SCMP_ARCH_X86_64",
            FilterAbi.X32 => "SCMP_ARCH_X32",
            FilterAbi.X86 => "SCMP_ARCH_X86",
            FilterAbi.Arm64 => "SCMP_ARCH_AARCH64",
            _ => "SCMP_ARCH_ARM",
        };
}
