using System.Text;
using System.Text.Json.Nodes;

namespace Tare.Oci.Tests;

/// <summary>
/// Every property that the schema of OCI 1.3 has for Linux (schema/config-schema.json, config-linux.json) is carried or
/// named as not supported: none is passed over in silence.
/// </summary>
public class SchemaCoverageTests
{
    /// <summary>Where the property is, and a value that asks for something.</summary>
    public static TheoryData<string, string> Properties =>
        new()
        {
            { "process.terminal", "true" },
            { "process.consoleSize.height", "24" },
            { "process.consoleSize.width", "80" },
            { "process.user.uid", "1" },
            { "process.user.gid", "1" },
            { "process.user.umask", "18" },
            { "process.user.additionalGids", "[5]" },
            { "process.user.username", "\"u\"" },
            { "process.args", "[\"sh\"]" },
            { "process.commandLine", "\"sh\"" },
            { "process.env", "[\"A=b\"]" },
            { "process.cwd", "\"/x\"" },
            { "process.capabilities.bounding", "[\"CAP_KILL\"]" },
            { "process.capabilities.effective", "[\"CAP_KILL\"]" },
            { "process.capabilities.permitted", "[\"CAP_KILL\"]" },
            { "process.capabilities.inheritable", "[\"CAP_KILL\"]" },
            { "process.capabilities.ambient", "[\"CAP_KILL\"]" },
            { "process.rlimits", """[{"type": "RLIMIT_CORE", "soft": 1, "hard": 2}]""" },
            { "process.noNewPrivileges", "true" },
            { "process.apparmorProfile", "\"p\"" },
            { "process.selinuxLabel", "\"l\"" },
            { "process.oomScoreAdj", "1" },
            { "process.scheduler", """{"policy": "SCHED_IDLE"}""" },
            { "process.ioPriority", """{"class": "IOPRIO_CLASS_IDLE"}""" },
            { "process.execCPUAffinity", """{"final": "0"}""" },
            { "root.path", "\"rootfs\"" },
            { "root.readonly", "true" },
            { "hostname", "\"h\"" },
            { "domainname", "\"d\"" },
            { "annotations", """{"a": "b"}""" },
            { "mounts[0].destination", "\"/m\"" },
            { "mounts[0].type", "\"tmpfs\"" },
            { "mounts[0].source", "\"tmpfs\"" },
            { "mounts[0].options", "[\"ro\"]" },
            { "mounts[0].uidMappings", """[{"containerID": 0, "hostID": 1, "size": 1}]""" },
            { "mounts[0].gidMappings", """[{"containerID": 0, "hostID": 1, "size": 1}]""" },
            { "hooks.prestart", """[{"path": "/h"}]""" },
            { "hooks.createRuntime", """[{"path": "/h"}]""" },
            { "hooks.createContainer", """[{"path": "/h"}]""" },
            { "hooks.startContainer", """[{"path": "/h"}]""" },
            { "hooks.poststart", """[{"path": "/h"}]""" },
            { "hooks.poststop", """[{"path": "/h"}]""" },
            { "linux.devices", """[{"type": "c", "path": "/dev/x", "major": 1, "minor": 2}]""" },
            { "linux.devices[0].fileMode", "438" },
            { "linux.devices[0].uid", "1" },
            { "linux.devices[0].gid", "1" },
            { "linux.netDevices", """{"eth0": {"name": "lan"}}""" },
            { "linux.uidMappings", """[{"containerID": 0, "hostID": 1, "size": 1}]""" },
            { "linux.gidMappings", """[{"containerID": 0, "hostID": 1, "size": 1}]""" },
            { "linux.namespaces", """[{"type": "mount"}]""" },
            { "linux.namespaces[0].path", "\"/ns\"" },
            { "linux.timeOffsets", """{"boottime": {"nanosecs": 1}}""" },
            { "linux.cgroupsPath", "\"/c\"" },
            { "linux.sysctl", """{"net.x": "1"}""" },
            { "linux.seccomp", """{"defaultAction": "SCMP_ACT_ERRNO"}""" },
            { "linux.seccomp", """{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38}""" },
            {
                "linux.seccomp",
                """{"defaultAction": "SCMP_ACT_LOG", "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_SHEB"]}"""
            },
            { "linux.seccomp", """{"defaultAction": "SCMP_ACT_TRAP", "flags": ["SECCOMP_FILTER_FLAG_LOG"]}""" },
            { "linux.seccomp", """{"defaultAction": "SCMP_ACT_TRAP", "flags": []}""" },
            {
                "linux.seccomp",
                """{"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "/l", "listenerMetadata": "m"}"""
            },
            {
                "linux.seccomp",
                """
                    {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["a", "b"], "action": "SCMP_ACT_TRACE", "errnoRet": 7,
                    "args": [{"index": 5, "value": 18446744073709551615, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}]}]}
                    """
            },
            { "linux.rootfsPropagation", "\"shared\"" },
            { "linux.maskedPaths", "[\"/m\"]" },
            { "linux.readonlyPaths", "[\"/r\"]" },
            { "linux.mountLabel", "\"l\"" },
            { "linux.intelRdt", """{"closID": "c"}""" },
            {
                "linux.intelRdt",
                """{"l3CacheSchema": "L3:0=f", "memBwSchema": "MB:0=20", "schemata": ["L2:0=f"], "enableMonitoring": true}"""
            },
            { "linux.memoryPolicy", """{"mode": "MPOL_BIND", "nodes": "0"}""" },
            { "linux.personality", """{"domain": "LINUX32"}""" },
            { "linux.resources.devices", """[{"allow": true, "type": "c", "major": 1, "minor": 2, "access": "r"}]""" },
            { "linux.resources.memory.limit", "1" },
            { "linux.resources.memory.reservation", "1" },
            { "linux.resources.memory.swap", "1" },
            { "linux.resources.memory.kernel", "1" },
            { "linux.resources.memory.kernelTCP", "1" },
            { "linux.resources.memory.swappiness", "1" },
            { "linux.resources.memory.disableOOMKiller", "true" },
            { "linux.resources.memory.useHierarchy", "true" },
            { "linux.resources.memory.checkBeforeUpdate", "true" },
            { "linux.resources.cpu.shares", "2" },
            { "linux.resources.cpu.quota", "1000" },
            { "linux.resources.cpu.burst", "1" },
            { "linux.resources.cpu.period", "1000" },
            { "linux.resources.cpu.realtimeRuntime", "1" },
            { "linux.resources.cpu.realtimePeriod", "1" },
            { "linux.resources.cpu.cpus", "\"0\"" },
            { "linux.resources.cpu.mems", "\"0\"" },
            { "linux.resources.cpu.idle", "1" },
            { "linux.resources.pids.limit", "1" },
            { "linux.resources.blockIO", """{"weight": 10}""" },
            { "linux.resources.blockIO", """{"leafWeight": 10}""" },
            { "linux.resources.blockIO", """{"weightDevice": [{"major": 8, "minor": 0, "weight": 10}]}""" },
            { "linux.resources.blockIO", """{"throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 1}]}""" },
            { "linux.resources.blockIO", """{"throttleWriteBpsDevice": [{"major": 8, "minor": 0, "rate": 1}]}""" },
            { "linux.resources.blockIO", """{"throttleReadIOPSDevice": [{"major": 8, "minor": 0, "rate": 1}]}""" },
            { "linux.resources.blockIO", """{"throttleWriteIOPSDevice": [{"major": 8, "minor": 0, "rate": 1}]}""" },
            { "linux.resources.hugepageLimits", """[{"pageSize": "2MB", "limit": 1}]""" },
            { "linux.resources.network", """{"priorities": [{"name": "lo", "priority": 1}]}""" },
            { "linux.resources.rdma", """{"d": {"hcaObjects": 1}}""" },
            { "linux.resources.unified", """{"memory.high": "1"}""" },
        };

    [Theory]
    [MemberData(nameof(Properties))]
    public void A_property_is_carried_or_named(string path, string value)
    {
        RuntimeSpec spec = RuntimeSpecReader.Read(Encoding.UTF8.GetBytes(Document(path, value).ToJsonString()));

        JsonNode written = JsonNode.Parse(RuntimeSpecWriter.Write(spec))!;
        JsonNode? carried = At(written, path);
        bool isCarried = JsonNode.DeepEquals(JsonNode.Parse(value), carried);
        Assert.True(
            isCarried ^ (spec.Unsupported.Count == 1 && spec.Unsupported[0] == path),
            $"{path} is read as {carried?.ToJsonString() ?? "nothing"}, and not supported are: {string.Join(", ", spec.Unsupported)}"
        );
    }

    // The least document that has the property.
    private static JsonObject Document(string path, string value)
    {
        JsonObject document = JsonNode
            .Parse(
                """
                {
                  "ociVersion": "1.3.0",
                  "process": {"cwd": "/", "consoleSize": {"height": 1, "width": 1}},
                  "root": {"path": "r"},
                  "mounts": [{"destination": "/d"}],
                  "linux": {
                    "devices": [{"type": "c", "path": "/dev/x", "major": 1, "minor": 2}],
                    "namespaces": [{"type": "network"}]
                  }
                }
                """
            )!
            .AsObject();
        JsonNode node = document;
        string[] names = path.Split('.');
        foreach (string name in names[..^1])
        {
            node = Step(node, name);
        }

        node[names[^1]] = JsonNode.Parse(value);
        return document;
    }

    private static JsonNode? At(JsonNode document, string path)
    {
        JsonNode? node = document;
        foreach (string name in path.Split('.'))
        {
            node = name.EndsWith("[0]", StringComparison.Ordinal) ? node?[name[..^3]]?[0] : node?[name];
        }

        return node;
    }

    private static JsonNode Step(JsonNode node, string name)
    {
        if (name.EndsWith("[0]", StringComparison.Ordinal))
        {
            return node[name[..^3]]![0]!;
        }

        return node[name] ??= new JsonObject();
    }
}
