using System.Text.Json.Nodes;
using Tare.Linux.Abi;

namespace Tare.OciCli.Tests;

/// <summary>Profiles of system calls, and edits of a config.json that put them in.</summary>
internal static class SeccompProfiles
{
    /// <summary>What engines keep from ordinary containers: the machine itself, and what much of the kernel is behind.</summary>
    private static readonly Syscall[] ForTheMachine =
    [
        Syscall.acct,
        Syscall.add_key,
        Syscall.bpf,
        Syscall.clock_settime,
        Syscall.clone,
        Syscall.clone3,
        Syscall.delete_module,
        Syscall.finit_module,
        Syscall.fsconfig,
        Syscall.fsmount,
        Syscall.fsopen,
        Syscall.init_module,
        Syscall.io_uring_enter,
        Syscall.io_uring_register,
        Syscall.io_uring_setup,
        Syscall.kexec_file_load,
        Syscall.kexec_load,
        Syscall.keyctl,
        Syscall.mount,
        Syscall.mount_setattr,
        Syscall.move_mount,
        Syscall.open_by_handle_at,
        Syscall.open_tree,
        Syscall.perf_event_open,
        Syscall.personality,
        Syscall.pivot_root,
        Syscall.reboot,
        Syscall.request_key,
        Syscall.setns,
        Syscall.swapoff,
        Syscall.swapon,
        Syscall.syslog,
        Syscall.umount2,
        Syscall.unshare,
        Syscall.userfaultfd,
    ];

    /// <summary>A profile that lets everything through but what the rules are about.</summary>
    public static JsonObject Allowing(params JsonObject[] rules) => Profile("SCMP_ACT_ALLOW", rules);

    /// <summary>A profile of some hundred names in the shape that engines use: what is not named fails with EPERM.</summary>
    public static JsonObject Engine
    {
        get
        {
            string[] names = [.. Enum.GetValues<Syscall>().Except(ForTheMachine).Select(call => call.ToString())];
            JsonObject ordinary = Rule("SCMP_ACT_ALLOW", names);
            JsonObject threads = Rule("SCMP_ACT_ALLOW", ["clone"], Arg(0, 0x7e02_0000, "SCMP_CMP_MASKED_EQ"));
            JsonObject newThreads = Rule("SCMP_ACT_ERRNO", ["clone3"]);
            newThreads["errnoRet"] = 38;
            JsonObject[] personalities =
            [
                .. new ulong[] { 0, 8, 0x2_0000, 0x2_0008, 0xffff_ffff }.Select(value =>
                    Rule("SCMP_ACT_ALLOW", ["personality"], Arg(0, value, "SCMP_CMP_EQ"))
                ),
            ];
            JsonObject profile = Profile("SCMP_ACT_ERRNO", [ordinary, threads, newThreads, .. personalities]);
            profile["defaultErrnoRet"] = 1;
            return profile;
        }
    }

    /// <summary>A rule for calls, or for those whose arguments are like this.</summary>
    public static JsonObject Rule(string action, string[] names, params JsonObject[] args) =>
        new()
        {
            ["names"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]),
            ["action"] = action,
            ["args"] = new JsonArray([.. args]),
        };

    /// <summary>What an argument must be.</summary>
    public static JsonObject Arg(int index, ulong value, string comparison) =>
        new()
        {
            ["index"] = index,
            ["value"] = value,
            ["op"] = comparison,
        };

    /// <summary>Puts a profile into a configuration; execve(2) still can give privileges if that is asked for.</summary>
    public static Action<JsonObject> With(JsonObject profile, bool noNewPrivileges = true, int user = 0) =>
        config =>
        {
            config["process"]!["noNewPrivileges"] = noNewPrivileges;
            config["process"]!["user"] = new JsonObject { ["uid"] = user, ["gid"] = user };
            config["linux"]!["seccomp"] = profile;
        };

    private static JsonObject Profile(string action, JsonObject[] rules) =>
        new()
        {
            ["defaultAction"] = action,
            ["architectures"] = new JsonArray("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
            ["syscalls"] = new JsonArray([.. rules]),
        };
}
