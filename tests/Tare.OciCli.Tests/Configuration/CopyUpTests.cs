using System.Text.Json.Nodes;
using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class CopyUpTests : IDisposable
{
    private readonly OciRuntime _runtime = new();
    private readonly string _rootfs;

    public CopyUpTests() => _rootfs = BusyboxRootfs.Create(_runtime.Folder.At("rootfs"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tmpfs_begins_with_all_that_it_covers(bool inUserNamespace)
    {
        string data = Path.Combine(_rootfs, "data");
        int first = inUserNamespace ? UserNamespaces.First : 0;
        Tool.Run(
                "sh",
                "-c",
                $"""
                set -e
                mkdir -p {data}/deep/er && cd {data}
                printf content >deep/er/file
                chmod 4751 deep/er/file
                ln -s /nowhere link
                mkfifo -m 640 fifo
                truncate -s 1G sparse && printf end >>sparse
                chown -R {first + 7}:{first + 8} .
                chmod 4751 deep/er/file
                chown -h {first + 9}:{first + 9} link
                chmod 2755 deep
                touch -h -d @1000000000 deep/er/file link deep/er deep .
                chmod 1771 .
                """
            )
            .ShouldSucceed();
        const string Look =
            "cd /data; for f in . deep deep/er deep/er/file link fifo sparse; do stat -c '%n %F %a %u:%g' $f; done; "
            + "stat -c '%Y' . deep deep/er/file link; cat deep/er/file; echo; readlink link; tail -c 3 sparse; echo; "
            + "[ $(du -k sparse | cut -f1) -lt 1000 ] && echo sparse; "
            + "awk '$5 == \"/data\" { print $6, $(NF-2) }' /proc/self/mountinfo; touch /data/new && echo writable";

        ToolResult run = Run(Look, inUserNamespace, "rw", "rprivate", "nosuid", "nodev", "tmpcopyup", "size=10m");

        Assert.Equal(
            [
                ". directory 1771 7:8",
                "deep directory 2755 7:8",
                "deep/er directory 755 7:8",
                "deep/er/file regular file 4751 7:8",
                "link symbolic link 777 9:9",
                "fifo fifo 640 7:8",
                "sparse regular file 644 7:8",
                "1000000000",
                "1000000000",
                "1000000000",
                "1000000000",
                "content",
                "/nowhere",
                "end",
                "sparse",
                "rw,nosuid,nodev,relatime tmpfs",
                "writable",
            ],
            run.ShouldSucceed().Lines
        );
        Assert.False(File.Exists(Path.Combine(data, "new")));
    }

    [Fact]
    public void Extended_attributes_go_with_their_files()
    {
        Require.Program("setcap");
        Directory.CreateDirectory(Path.Combine(_rootfs, "data"));
        string program = Path.Combine(_rootfs, "data", "program");
        Tool.InstallProgram("/bin/true", program);
        Tool.Run("setcap", "cap_net_raw+ep", program).ShouldSucceed();
        OciContainer container = _runtime.Create(edit: config => Edit(config, ["tmpcopyup"]));

        string copy = $"/proc/{container.ProcessId}/root/data/program";

        Assert.Equal([$"{copy} cap_net_raw=ep"], Tool.Run("getcap", copy).ShouldSucceed().Lines);
    }

    [Fact]
    public void Options_of_the_tmpfs_hold_for_its_own_directory()
    {
        Write("file", "x");

        ToolResult run = Run(
            "stat -c '%a %u:%g' /data; touch /data/file 2>/dev/null || echo read-only; cat /data/file",
            inUserNamespace: false,
            "tmpcopyup",
            "ro",
            "mode=0711",
            "uid=5"
        );

        Assert.Equal(["711 5:0", "read-only", "x"], run.ShouldSucceed().Lines);
    }

    [Fact]
    public void What_is_missing_is_made_and_begins_empty() =>
        Assert.Equal(
            ["0"],
            _runtime
                .Run(
                    ["sh", "-c", "ls -A /new/place | wc -l"],
                    config =>
                    {
                        config["root"] = new JsonObject { ["path"] = _rootfs };
                        ConfigMounts.Add(config, "/new/place", "tmpfs", "tmpfs", "tmpcopyup");
                    }
                )
                .ShouldSucceed()
                .Lines
        );

    [Fact]
    public void What_an_earlier_mount_shows_is_what_is_copied_and_later_mounts_come_on_top()
    {
        Directory.CreateDirectory(_runtime.Folder.At("volume"));
        _runtime.Folder.Write("volume/file", "of the volume\n");
        _runtime.Folder.Write("late", "late\n");

        ToolResult run = _runtime.Run(
            ["sh", "-c", "cat /data/file /data/sub/late"],
            config =>
            {
                Edit(config, []);
                ConfigMounts.Add(config, "/data", "bind", _runtime.Folder.At("volume"), "bind", "ro");
                ConfigMounts.Add(config, "/data", "tmpfs", "tmpfs", "tmpcopyup");
                ConfigMounts.Add(config, "/data/sub/late", "bind", _runtime.Folder.At("late"), "bind");
            }
        );

        Assert.Equal(["of the volume", "late"], run.ShouldSucceed().Lines);
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_runtime.Folder.At("volume")).Select(Path.GetFileName));
    }

    [Fact]
    public void Symlinks_of_the_image_lead_nowhere_outside()
    {
        _runtime.Folder.Write("secret", "of the host\n");
        Directory.CreateDirectory(Path.Combine(_rootfs, "data"));
        File.CreateSymbolicLink(Path.Combine(_rootfs, "data", "link"), _runtime.Folder.Path);
        File.CreateSymbolicLink(Path.Combine(_rootfs, "place"), "/data");

        ToolResult run = _runtime.Run(
            ["sh", "-c", "readlink /data/link; ls /data/link/ 2>/dev/null; ls /data; ls -ld /place | cut -c1"],
            config =>
            {
                config["root"] = new JsonObject { ["path"] = _rootfs };
                ConfigMounts.Add(config, "/place", "tmpfs", "tmpfs", "tmpcopyup");
            }
        );

        Assert.Equal([_runtime.Folder.Path, "link", "l"], run.ShouldSucceed().Lines);
    }

    [Fact]
    public void More_than_fits_is_refused_and_nothing_is_left()
    {
        Write("file", new string('x', 200_000));

        (string Message, Action<JsonObject>? Limit, string[] Options)[] cases =
        [
            (
                "tare-oci: copy '/data/file': ENOSPC (the tmpfs on '/data' is full (raise its size))\n",
                null,
                ["tmpcopyup", "size=64k"]
            ),
            (
                "tare-oci: copy '/data/file': ENOSPC (what lies beneath '/data' is more than the container's memory, "
                    + "65536 bytes (raise the limit, or leave tmpcopyup out))\n",
                config => config["linux"]!["resources"]!["memory"] = new JsonObject { ["limit"] = 65536 },
                ["tmpcopyup"]
            ),
        ];
        foreach ((string message, Action<JsonObject>? limit, string[] options) in cases)
        {
            string id = _runtime.NewId();
            Bundle bundle = _runtime.NewBundle(
                ["true"],
                config =>
                {
                    Edit(config, options);
                    limit?.Invoke(config);
                }
            );

            ToolResult run = _runtime.Do("run", "--bundle", bundle.Path, id).ShouldExitWith(1);

            Assert.Equal(message, run.Errors);
            Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
        }
    }

    [Fact]
    public void Directories_are_copied_to_a_depth_and_not_beyond()
    {
        string deep = Path.Combine(_rootfs, "data", string.Join('/', Enumerable.Repeat("d", 256)));
        Directory.CreateDirectory(deep);

        ToolResult run = Run("true", inUserNamespace: false, "tmpcopyup").ShouldExitWith(1);

        Assert.Contains(
            ": ELOOP (directories lie more than 256 deep in each other (leave tmpcopyup out))\n",
            run.Errors,
            StringComparison.Ordinal
        );
        Directory.Delete(deep);
        Assert.Equal(["255"], Run("find /data/d -type d | wc -l", false, "tmpcopyup").ShouldSucceed().Lines);
    }

    [Fact]
    public void Devices_are_copied_where_the_source_may_have_some()
    {
        string data = Path.Combine(_rootfs, "data");
        Tool.Run("sh", "-c", $"mkdir {data} && mknod -m 666 {data}/null c 1 3").ShouldSucceed();
        const string Look = "stat -c '%F %t:%T %a' /data/null; echo x >/data/null && echo written";

        Assert.Equal(
            ["character special file 1:3 666", "written"],
            Run(Look, inUserNamespace: false, "tmpcopyup").ShouldSucceed().Lines
        );

        ToolResult run = _runtime.Run(
            ["sh", "-c", "ls -A /data | wc -l"],
            config =>
            {
                Edit(config, []);
                ConfigMounts.Add(config, "/data", "bind", data, "bind", "nodev");
                ConfigMounts.Add(config, "/data", "tmpfs", "tmpfs", "tmpcopyup");
            }
        );
        Assert.Equal(["0"], run.ShouldSucceed().Lines);
    }

    /// <inheritdoc/>
    public void Dispose() => _runtime.Dispose();

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.Combine(_rootfs, "data"));
        File.WriteAllText(Path.Combine(_rootfs, "data", name), content);
    }

    private ToolResult Run(string script, bool inUserNamespace, params string[] options) =>
        _runtime.Run(
            ["sh", "-c", script],
            config =>
            {
                Edit(config, options);
                Capabilities.Add(config, "CAP_DAC_OVERRIDE");
                if (inUserNamespace)
                {
                    UserNamespaces.Add(config);
                }
            }
        );

    private void Edit(JsonObject config, string[] options)
    {
        config["root"] = new JsonObject { ["path"] = _rootfs, ["readonly"] = true };
        if (options.Length > 0)
        {
            ConfigMounts.Add(config, "/data", "tmpfs", "tmpfs", options);
        }
    }
}
