using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class MountTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void The_mounts_of_the_default_configuration_are_those_that_runc_makes()
    {
        string runc = Require.Program("runc");
        Bundle bundle = _runtime.NewBundle(["awk", "{ print $5, $6, $(NF-2), $NF }", "/proc/self/mountinfo"]);
        string id = _runtime.NewId();

        string[] theirs = Tool.Run(runc, "run", "--bundle", bundle.Path, id).ShouldSucceed().Lines;
        string[] ours = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldSucceed().Lines;

        Assert.Equal(
            theirs.Where(IsAskedFor).Order(StringComparer.Ordinal),
            ours.Where(IsAskedFor).Order(StringComparer.Ordinal)
        );

        // How a path is hidden is each runtime's own affair, and which cgroup hierarchies there are.
        static bool IsAskedFor(string line) =>
            line.Split(' ')[0] is "/proc" or "/dev" or "/dev/pts" or "/dev/shm" or "/dev/mqueue" or "/sys" or "/";
    }

    [Fact]
    public void Each_option_of_a_mount_holds()
    {
        string[] lines = _runtime.Lines(
            "awk '$5 ~ \"^/tmp/\" { print $5, $6, $NF }' /proc/self/mountinfo",
            config =>
            {
                ConfigMounts.Add(config, "/tmp", "tmpfs", "tmpfs");
                ConfigMounts.Add(
                    config,
                    "/tmp/a",
                    "tmpfs",
                    "tmpfs",
                    "nosuid",
                    "nodev",
                    "noexec",
                    "noatime",
                    "size=1m",
                    "mode=700"
                );
                ConfigMounts.Add(config, "/tmp/b", "tmpfs", "tmpfs", "ro", "strictatime", "nodiratime");
                ConfigMounts.Add(config, "/tmp/c", "tmpfs", "tmpfs", "noexec", "exec", "uid=5", "gid=6");
            }
        );

        Assert.Equal(
            [
                "/tmp/a rw,nosuid,nodev,noexec,noatime rw,size=1024k,mode=700",
                "/tmp/b ro,nodiratime rw",
                "/tmp/c rw,relatime rw,uid=5,gid=6",
            ],
            lines.Select(line => line.Replace(",inode64", "", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_bind_mount_shows_a_directory_or_a_file_and_its_attributes_are_enforced()
    {
        _runtime.Folder.Write("file", "content\n");
        Tool.InstallProgram("/bin/true", _runtime.Folder.At("program"));

        string[] lines = _runtime.Lines(
            "cat /run/file /etc/passwd; touch /run/x 2>/dev/null || echo read-only; /run/program 2>/dev/null || echo $?",
            config =>
            {
                ConfigMounts.Add(config, "/run", "bind", _runtime.Folder.Path, "bind", "ro", "noexec");
                ConfigMounts.Add(config, "/etc/passwd", "bind", _runtime.Folder.At("file"), "bind");
            }
        );

        Assert.Equal(["content", "content", "read-only", "126"], lines);
    }

    [Fact]
    public void The_type_of_a_bind_mount_may_be_left_out_or_be_anything()
    {
        _runtime.Folder.Write("file", "content\n");

        foreach (string type in (string[])["bind", "none", "", "ext4"])
        {
            Assert.Equal(
                ["content"],
                _runtime.Lines(
                    "cat /run/file",
                    config => ConfigMounts.Add(config, "/run", type, _runtime.Folder.Path, "rbind")
                )
            );
        }
    }

    [Fact]
    public void A_relative_source_lies_in_the_bundle()
    {
        Bundle bundle = _runtime.NewBundle(
            ["cat", "/run/file"],
            config => ConfigMounts.Add(config, "/run", "bind", "data", "bind")
        );
        Directory.CreateDirectory(Path.Combine(bundle.Path, "data"));
        File.WriteAllText(Path.Combine(bundle.Path, "data", "file"), "of the bundle\n");

        Assert.Equal(
            ["of the bundle"],
            _runtime.Do("run", "--bundle", bundle.Path, _runtime.NewId()).ShouldSucceed().Lines
        );
    }

    [Theory]
    [InlineData("bind", "", "0")]
    [InlineData("rbind", "ro", "1 rw")]
    [InlineData("rbind", "rro", "1 ro")]
    public void What_is_mounted_below_a_source_comes_along_where_that_is_asked_for(
        string bind,
        string option,
        string expected
    )
    {
        Bundle bundle = _runtime.NewBundle(
            [
                "awk",
                "$5 == \"/run/inner\" { n++; mode = \" \" substr($6, 1, 2) } END { print n + 0 mode }",
                "/proc/self/mountinfo",
            ],
            config =>
                ConfigMounts.Add(
                    config,
                    "/run",
                    "bind",
                    _runtime.Folder.Path,
                    [.. new[] { bind, option }.Where(o => o.Length > 0)]
                )
        );
        Directory.CreateDirectory(_runtime.Folder.At("inner"));

        ToolResult run = Tool.Run(
            "unshare",
            "--mount",
            "--propagation=private",
            "sh",
            "-c",
            "mount -t tmpfs inner \"$1\" && shift && exec \"$@\"",
            "sh",
            _runtime.Folder.At("inner"),
            OciRuntime.Program,
            "--root",
            _runtime.Root,
            "run",
            "--bundle",
            bundle.Path,
            _runtime.NewId()
        );

        Assert.Equal([expected], run.ShouldSucceed().Lines);
    }

    [Theory]
    [InlineData("rprivate", "0")]
    [InlineData("rslave", "1")]
    [InlineData("rshared", "1")]
    public void Mounts_of_the_host_reach_a_container_where_that_is_asked_for(string propagation, string count)
    {
        Bundle bundle = _runtime.NewBundle(
            ["sh", "-c", "echo ready; read line; grep -c ' /run/inner ' /proc/self/mountinfo; true"],
            config => ConfigMounts.Add(config, "/run", "bind", _runtime.Folder.At("outer"), "rbind", propagation)
        );
        Directory.CreateDirectory(_runtime.Folder.At("outer"));
        using RunningTool host = Tool.Start(
            "unshare",
            "--mount",
            "--propagation=private",
            "bash",
            "-c",
            """
            mount -t tmpfs outer "$1" && mount --make-shared "$1" && mkdir "$1/inner" || exit
            coproc "${@:2}"
            read -r line <&"${COPROC[0]}"
            mount -t tmpfs inner "$1/inner"
            echo go >&"${COPROC[1]}"
            cat <&"${COPROC[0]}"
            """,
            "bash",
            _runtime.Folder.At("outer"),
            OciRuntime.Program,
            "--root",
            _runtime.Root,
            "run",
            "--bundle",
            bundle.Path,
            _runtime.NewId()
        );

        Assert.Equal([count], host.Wait().ShouldSucceed().Lines);
    }

    [Fact]
    public void A_destination_that_is_missing_is_made_and_one_that_is_a_file_is_made_as_a_file()
    {
        string rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));
        string file = _runtime.Folder.Write("file", "content\n");

        string[] lines = _runtime.Lines(
            "cat /new/file; ls -ld /new/directory/below | cut -c1",
            config =>
            {
                config["root"]!["path"] = rootfs;
                config["root"]!["readonly"] = false;
                ConfigMounts.Add(config, "/new/file", "bind", file, "bind");
                ConfigMounts.Add(config, "/new/directory/below", "tmpfs", "tmpfs");
            }
        );

        Assert.Equal(["content", "d"], lines);
        Assert.True(File.Exists(Path.Combine(rootfs, "new/file")));
        Assert.True(Directory.Exists(Path.Combine(rootfs, "new/directory/below")));
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("../../../../../..{0}")]
    public void A_destination_that_is_a_symlink_out_of_the_root_stays_inside_of_it(string target)
    {
        string rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));
        string outside = _runtime.Folder.At("outside");
        Directory.CreateDirectory(outside);
        Directory.CreateDirectory(rootfs + outside);
        File.CreateSymbolicLink(Path.Combine(rootfs, "link"), target.Replace("{0}", outside, StringComparison.Ordinal));
        string file = _runtime.Folder.Write("file", "content\n");

        string[] lines = _runtime.Lines(
            $"cat {outside}/made/mounted",
            config =>
            {
                config["root"]!["path"] = rootfs;
                ConfigMounts.Add(config, "/link/made/mounted", "bind", file, "bind");
            }
        );

        Assert.Equal(["content"], lines);
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.True(File.Exists(rootfs + outside + "/made/mounted"));
    }

    [Theory]
    [InlineData("/link")]
    [InlineData("/link/below")]
    public void Nothing_is_made_through_a_symlink_that_leads_nowhere_in_the_root(string destination)
    {
        string rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));
        Directory.CreateDirectory(_runtime.Folder.At("outside"));
        File.CreateSymbolicLink(Path.Combine(rootfs, "link"), _runtime.Folder.At("outside"));
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                config["root"]!["path"] = rootfs;
                ConfigMounts.Add(config, destination, "tmpfs", "tmpfs");
            }
        );

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.StartsWith(
            "tare-oci: open '/link': E",
            Assert.Single(run.Errors.TrimEnd('\n').Split('\n')),
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFileSystemEntries(_runtime.Folder.At("outside")));
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/sys")]
    [InlineData("/dev")]
    public void A_kernels_file_system_is_not_mounted_through_a_symlink(string destination)
    {
        string rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));
        Directory.Delete(rootfs + destination);
        File.CreateSymbolicLink(rootfs + destination, "tmp");
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(["true"], config => config["root"]!["path"] = rootfs);

        ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

        Assert.Equal($"tare-oci: open '{destination}': ELOOP\n", run.Errors);
        Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
    }

    [Fact]
    public void Masked_paths_show_nothing()
    {
        string[] lines = _runtime.Lines(
            "wc -c </proc/keys; ls -A /proc/acpi /sys/firmware /proc/scsi 2>/dev/null | grep -v '^/\\|^$'; wc -c </etc/secret; ls -A /root",
            config =>
            {
                ConfigMounts.Add(config, "/etc/secret", "bind", _runtime.Folder.Write("secret", "secret"), "bind");
                ConfigMounts.Add(config, "/root", "bind", _runtime.Folder.Path, "bind");
                config["linux"]!["maskedPaths"]!.AsArray().Add("/etc/secret");
                config["linux"]!["maskedPaths"]!.AsArray().Add("/root");
                config["linux"]!["maskedPaths"]!.AsArray().Add("/not/there");
            }
        );

        Assert.Equal(["0", "0"], lines);
    }

    [Fact]
    public void Read_only_paths_cannot_be_written_to()
    {
        string[] lines = _runtime.Lines(
            """
            for path in /proc/sys /proc/bus /proc/fs /proc/irq /tmp/inner; do
                test -e $path && awk -v path=$path '$5 == path { mode = substr($6, 1, 2) } END { print mode }' /proc/self/mountinfo
            done | sort -u
            echo 1 2>/dev/null >/proc/sys/kernel/panic || echo no
            touch /tmp/inner/x 2>/dev/null || echo no
            touch /tmp/x && echo yes
            """,
            config =>
            {
                Directory.CreateDirectory(_runtime.Folder.At("inner"));
                ConfigMounts.Add(config, "/tmp", "bind", _runtime.Folder.Path, "bind");
                config["linux"]!["readonlyPaths"]!.AsArray().Add("/tmp/inner");
            }
        );

        Assert.Equal(["ro", "no", "no", "yes"], lines);
    }

    public void Dispose() => _runtime.Dispose();
}
