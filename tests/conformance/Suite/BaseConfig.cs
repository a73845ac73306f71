using System.Text.Json.Nodes;

namespace Tare.Conformance.Suite;

/// <summary>The configuration that every check begins with: what engines ask for, and nothing a runtime of 2022 does not know.</summary>
internal static class BaseConfig
{
    private const string Text = """
        {
          "ociVersion": "1.0.2",
          "process": {
            "terminal": false,
            "user": { "uid": 0, "gid": 0 },
            "args": [],
            "env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
            "cwd": "/",
            "capabilities": {
              "bounding": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
              "effective": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
              "permitted": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
            },
            "noNewPrivileges": true
          },
          "root": { "readonly": true },
          "hostname": "conformance",
          "mounts": [
            { "destination": "/proc", "type": "proc", "source": "proc" },
            {
              "destination": "/dev",
              "type": "tmpfs",
              "source": "tmpfs",
              "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]
            },
            {
              "destination": "/dev/pts",
              "type": "devpts",
              "source": "devpts",
              "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]
            },
            {
              "destination": "/dev/shm",
              "type": "tmpfs",
              "source": "shm",
              "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]
            },
            {
              "destination": "/sys",
              "type": "sysfs",
              "source": "sysfs",
              "options": ["nosuid", "noexec", "nodev", "ro"]
            }
          ],
          "linux": {
            "resources": { "devices": [{ "allow": false, "access": "rwm" }] },
            "namespaces": [
              { "type": "pid" },
              { "type": "network" },
              { "type": "ipc" },
              { "type": "uts" },
              { "type": "mount" }
            ]
          }
        }
        """;

    /// <summary>One of a program in a root file system.</summary>
    public static JsonObject Of(string rootfs, string[] arguments)
    {
        JsonObject config = JsonNode.Parse(Text)!.AsObject();
        config["root"]!["path"] = rootfs;
        config["process"]!["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        return config;
    }
}
