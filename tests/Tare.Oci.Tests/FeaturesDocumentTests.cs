using System.Text;

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
                  "enabled": false
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
}
