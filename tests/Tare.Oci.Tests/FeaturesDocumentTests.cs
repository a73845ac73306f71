using System.Text;
using System.Text.Json.Nodes;

namespace Tare.Oci.Tests;

public class FeaturesDocumentTests
{
    [Fact]
    public void It_says_what_there_is_and_that_the_rest_is_not()
    {
        FeaturesDocument features = new()
        {
            MountOptions = ["bind", "ro"],
            Namespaces = Enum.GetValues<NamespaceType>(),
            Capabilities = ["CAP_CHOWN"],
            CgroupV1 = true,
            CgroupV2 = true,
            Annotations = new Dictionary<string, string> { ["org.example.version"] = "0.1.0" },
            PotentiallyUnsafeConfigAnnotations = ["org.example."],
        };

        Assert.Equal(
            """
            {
              "ociVersionMin": "1.0.0",
              "ociVersionMax": "1.3.0",
              "hooks": [],
              "mountOptions": [
                "bind",
                "ro"
              ],
              "linux": {
                "namespaces": [
                  "pid",
                  "network",
                  "mount",
                  "ipc",
                  "uts",
                  "user",
                  "cgroup",
                  "time"
                ],
                "capabilities": [
                  "CAP_CHOWN"
                ],
                "cgroup": {
                  "v1": true,
                  "v2": true,
                  "systemd": false,
                  "systemdUser": false,
                  "rdma": false
                },
                "seccomp": {
                  "enabled": false
                },
                "apparmor": {
                  "enabled": false
                },
                "selinux": {
                  "enabled": false
                },
                "intelRdt": {
                  "enabled": false,
                  "schemata": false,
                  "monitoring": false
                },
                "memoryPolicy": {
                  "modes": [],
                  "flags": []
                },
                "mountExtensions": {
                  "idmap": {
                    "enabled": false
                  }
                },
                "netDevices": {
                  "enabled": false
                }
              },
              "annotations": {
                "org.example.version": "0.1.0"
              },
              "potentiallyUnsafeConfigAnnotations": [
                "org.example."
              ]
            }
            """,
            Encoding.UTF8.GetString(features.Write())
        );
    }

    [Fact]
    public void What_filters_of_system_calls_can_do_is_named_by_the_words_of_config_json()
    {
        FeaturesDocument features = new()
        {
            MountOptions = [],
            Namespaces = [],
            Capabilities = [],
            CgroupV1 = true,
            CgroupV2 = true,
            Seccomp = new SeccompFeatures([SeccompActionType.Errno, SeccompActionType.Allow], [SeccompFlag.Log]),
        };

        JsonNode seccomp = JsonNode.Parse(features.Write())!["linux"]!["seccomp"]!;

        Assert.True((bool)seccomp["enabled"]!);
        Assert.Equal(["SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW"], Words(seccomp["actions"]));
        Assert.Equal(
            [
                "SCMP_CMP_NE",
                "SCMP_CMP_LT",
                "SCMP_CMP_LE",
                "SCMP_CMP_EQ",
                "SCMP_CMP_GE",
                "SCMP_CMP_GT",
                "SCMP_CMP_MASKED_EQ",
            ],
            Words(seccomp["operators"])
        );
        Assert.Equal(23, Words(seccomp["archs"]).Distinct().Count());
        Assert.Contains("SCMP_ARCH_AARCH64", Words(seccomp["archs"]));
        Assert.Equal(
            [
                "SECCOMP_FILTER_FLAG_TSYNC",
                "SECCOMP_FILTER_FLAG_LOG",
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
            ],
            Words(seccomp["knownFlags"])
        );
        Assert.Equal(["SECCOMP_FILTER_FLAG_LOG"], Words(seccomp["supportedFlags"]));
    }

    private static string[] Words(JsonNode? array) => [.. array!.AsArray().Select(word => (string)word!)];
}
