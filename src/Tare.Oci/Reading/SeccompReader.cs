namespace Tare.Oci;

/// <summary>Reads a <c>seccomp</c> object. config-linux.md, "Seccomp".</summary>
internal static class SeccompReader
{
    /// <summary>The profile; null where it has neither a default nor rules, which asks for no filter.</summary>
    internal static SeccompSpec? Read(ref JsonCursor json)
    {
        SeccompSpec seccomp = new() { DefaultAction = default };
        SeccompActionType? defaultAction = null;
        int start = json.Start;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("defaultAction"u8))
            {
                defaultAction = ReadAction(ref json, mayBeEmpty: true);
            }
            else if (json.Is("defaultErrnoRet"u8))
            {
                seccomp = seccomp with { DefaultErrnoRet = json.ReadUInt32() };
            }
            else if (json.Is("architectures"u8))
            {
                seccomp = seccomp with { Architectures = json.ReadList(ReadArchitecture) };
            }
            else if (json.Is("flags"u8))
            {
                seccomp = seccomp with { Flags = json.ReadList(ReadFlag) };
            }
            else if (json.Is("listenerPath"u8))
            {
                seccomp = seccomp with { ListenerPath = ReadText(ref json) };
            }
            else if (json.Is("listenerMetadata"u8))
            {
                seccomp = seccomp with { ListenerMetadata = ReadText(ref json) };
            }
            else if (json.Is("syscalls"u8))
            {
                seccomp = seccomp with { Syscalls = json.ReadList(ReadRule) };
            }
            else
            {
                json.Ignore();
            }
        }

        if (defaultAction is null && seccomp.Syscalls.Count == 0)
        {
            return null;
        }

        return seccomp with
        {
            DefaultAction = defaultAction ?? throw json.Missing("defaultAction", "use SCMP_ACT_ERRNO, say"),
            Text = new SeccompText(json.TextFrom(start).ToArray()),
        };
    }

    private static SeccompRuleSpec ReadRule(ref JsonCursor json)
    {
        IReadOnlyList<string>? names = null;
        SeccompActionType? action = null;
        uint? errnoRet = null;
        IReadOnlyList<SeccompArgSpec> args = [];
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("names"u8))
            {
                names = json.ReadList(static (ref JsonCursor item) => item.ReadNonEmptyString());
            }
            else if (json.Is("action"u8))
            {
                action = ReadAction(ref json, mayBeEmpty: false);
            }
            else if (json.Is("errnoRet"u8))
            {
                errnoRet = json.ReadUInt32();
            }
            else if (json.Is("args"u8))
            {
                args = json.ReadList(ReadArg);
            }
            else
            {
                json.Ignore();
            }
        }

        return new SeccompRuleSpec
        {
            Names = names ?? throw json.Missing("names", "name system calls"),
            Action = action ?? throw json.Missing("action", "use SCMP_ACT_ALLOW, say"),
            ErrnoRet = errnoRet,
            Args = args,
        };
    }

    private static SeccompArgSpec ReadArg(ref JsonCursor json)
    {
        uint? index = null;
        ulong? value = null;
        ulong valueTwo = 0;
        SeccompOperator? comparison = null;
        json.EnterObject();
        while (json.NextProperty())
        {
            if (json.Is("index"u8))
            {
                index = (uint)json.ReadInt64(0, 5);
            }
            else if (json.Is("value"u8))
            {
                value = json.ReadUInt64();
            }
            else if (json.Is("valueTwo"u8))
            {
                valueTwo = json.ReadUInt64();
            }
            else if (json.Is("op"u8))
            {
                comparison = (SeccompOperator)ReadWord(ref json, SeccompNames.Operators, "operator", "SCMP_CMP_EQ");
            }
            else
            {
                json.Ignore();
            }
        }

        return new SeccompArgSpec(
            index ?? throw json.Missing("index", "give the argument's number, 0 to 5"),
            value ?? throw json.Missing("value", "give what the argument is compared with"),
            valueTwo,
            comparison ?? throw json.Missing("op", "use SCMP_CMP_EQ, say")
        );
    }

    private static SeccompActionType? ReadAction(ref JsonCursor json, bool mayBeEmpty) =>
        mayBeEmpty && ReadText(ref json) is null
            ? null
            : (SeccompActionType)ReadWord(ref json, SeccompNames.Actions, "action", "SCMP_ACT_ERRNO");

    private static SeccompArchitecture ReadArchitecture(ref JsonCursor json) =>
        (SeccompArchitecture)ReadWord(ref json, SeccompNames.Architectures, "architecture", "SCMP_ARCH_X86_64");

    private static SeccompFlag ReadFlag(ref JsonCursor json) =>
        (SeccompFlag)ReadWord(ref json, SeccompNames.Flags, "flag", "SECCOMP_FILTER_FLAG_LOG");

    private static string? ReadText(ref JsonCursor json)
    {
        string text = json.ReadString();
        return text.Length > 0 ? text : null;
    }

    private static int ReadWord(ref JsonCursor json, IReadOnlyList<string> words, string kind, string example)
    {
        string word = json.ReadString();
        for (int i = 0; i < words.Count; i++)
        {
            if (words[i] == word)
            {
                return i;
            }
        }

        throw json.Error($"'{OneLine.Of(word)}' is no {kind} of seccomp (use {example}, say)");
    }
}
