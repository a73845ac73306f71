using System.Text.Json.Nodes;
using Tare.Fixtures;
using Tare.Vm.Tests.Machine;

namespace Tare.Vm.Tests.Kernels;

/// <summary>A machine with CRIU, whose kernel tells which pages were written to, and with cgroup v2 alone.</summary>
public sealed class CheckpointGuest() : Guest("checkpoints", "trixie", more: CriuFiles.Add);

public sealed class CheckpointTests(CheckpointGuest guest) : IClassFixture<CheckpointGuest>
{
    // Counts in its memory, of which it has four million bytes, how often it was asked.
    private const string Counting =
        "memory=$(head -c 4000000 /dev/zero | tr '\\0' x); mkfifo /tmp/in /tmp/out; "
        + "while read -r line </tmp/in; do i=$((i+1)); echo $i >/tmp/out; done";

    // No connection has to be held, and the machine has no tool for it.
    private const string Tools = """
        oci() { tare-oci "$@" </dev/null >/dev/null; }
        save() { oci checkpoint --network-lock skip --work-path /tmp/work "$@" || { grep Error /tmp/work/dump.log >&2; exit 1; }; }
        restore() { oci restore --detach --network-lock skip --work-path /tmp/work "$@" || { grep Error /tmp/work/restore.log >&2; exit 1; }; }
        ask() { tare-oci exec "$1" sh -c 'until [ -p /tmp/out ]; do :; done; echo >/tmp/in; cat /tmp/out'; }
        """;

    [Fact]
    public void What_was_saved_before_is_not_saved_again()
    {
        ToolResult result = guest.Run(
            $"""
            {Tools}
            oci run --detach --bundle {Bundle()} counter
            ask counter
            save --pre-dump --image-path /tmp/memory/first counter
            ask counter
            save --pre-dump --image-path /tmp/memory/second --parent-path ../first counter
            ask counter
            save --image-path /tmp/memory/last --parent-path ../second counter
            tare-oci state counter 2>/dev/null || echo gone
            for part in first second last; do
                [ $(cat /tmp/memory/$part/pages-*.img | wc -c) -gt 4000000 ] && echo $part is large || echo $part is small
            done
            restore --image-path /tmp/memory/last --bundle {Bundle()} counter
            ask counter
            """
        );

        Assert.Equal(
            ["1", "2", "3", "gone", "first is large", "second is small", "last is small", "4"],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_container_in_its_own_cgroup_namespace_is_restored_into_one_and_the_machine_s_hierarchy_stays_as_it_is()
    {
        string bundle = Bundle(config => config["linux"]!["resources"]!["pids"] = new JsonObject { ["limit"] = 17 });

        ToolResult result = guest.Run(
            $"""
            {Tools}
            grep cgroup2 /proc/mounts >/tmp/before
            oci run --detach --bundle {bundle} counter
            ask counter
            save --image-path /tmp/cgroups counter
            ls -d $groups/*/
            restore --image-path /tmp/cgroups --bundle {bundle} counter
            ask counter
            tare-oci exec counter cat /proc/1/cgroup
            cat $groups/counter/pids.max
            tare-oci pause counter; cat $groups/counter/cgroup.freeze; tare-oci resume counter
            ask counter
            grep cgroup2 /proc/mounts | diff /tmp/before - && echo as before
            """
        );

        Assert.Equal(
            ["1", "/sys/fs/cgroup/session/shell/", "2", "0::/", "17", "1", "3", "as before"],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void Mounts_that_are_shared_on_the_machine_do_not_matter()
    {
        ToolResult result = guest.Run(
            $"""
            {Tools}
            mount --make-rshared /
            mkdir -p /tmp/given; mount -t tmpfs given /tmp/given; echo given >/tmp/given/file
            mount --make-shared /tmp/given
            oci run --detach --bundle {Bundle(config => AddBind(config, "/tmp/given", "/var"))} counter
            ask counter
            save --image-path /tmp/shared counter
            restore --image-path /tmp/shared --bundle {Bundle(config => AddBind(config, "/tmp/given", "/var"))} counter
            ask counter
            tare-oci exec counter cat /var/file
            oci delete --force counter
            mount --make-rprivate /
            umount /tmp/given && grep -c counter /proc/self/mountinfo
            """
        );

        Assert.Equal(["1", "2", "given", "0"], result.Lines);
    }

    /// <summary>The dump serves them, and ends once they are all over there; by then the container counts there already.</summary>
    [Fact]
    public void Memory_that_is_fetched_when_it_is_needed_is_that_of_the_container()
    {
        ToolResult result = guest.Run(
            $"""
            {Tools}
            oci run --detach --bundle {Bundle()} counter
            ask counter
            mkfifo /tmp/status; mkdir /tmp/fetching
            tare-oci checkpoint --lazy-pages --page-server 127.0.0.1:4711 --status-fd 7 --network-lock skip                 --image-path /tmp/lazy --work-path /tmp/work counter 7>/tmp/status </dev/null >/dev/null &
            saving=$!
            od -An -tx1 /tmp/status
            grep -o '0100007F:1267 00000000:0000 0A' /proc/net/tcp
            [ $(cat /tmp/lazy/pages-*.img | wc -c) -lt 1000000 ] && echo small
            criu lazy-pages --page-server --address 127.0.0.1 --port 4711 --images-dir /tmp/lazy --work-dir /tmp/fetching                 -o lazy.log </dev/null >/dev/null &
            fetching=$!
            until [ -S /tmp/fetching/lazy-pages.socket ]; do kill -0 $fetching || break; done
            oci restore --detach --lazy-pages --network-lock skip --image-path /tmp/lazy --work-path /tmp/fetching                 --bundle {Bundle()} other || grep Error /tmp/fetching/*.log /tmp/work/*.log >&2
            ask other
            wait $saving; echo $?
            wait $fetching; echo $?
            tare-oci state counter 2>/dev/null || echo gone
            ask other
            """
        );

        Assert.Equal(
            ["1", " 00", "0100007F:1267 00000000:0000 0A", "small", "2", "0", "0", "gone", "3"],
            result.ShouldSucceed().Lines
        );
    }

    [Fact]
    public void A_container_whose_memory_nobody_fetched_runs_on_once_the_runtime_and_criu_are_killed()
    {
        ToolResult result = guest.Run(
            $"""
            {Tools}
            oci run --detach --bundle {Bundle()} counter
            ask counter
            mkfifo /tmp/serving
            tare-oci checkpoint --lazy-pages --page-server 127.0.0.1:4712 --status-fd 7 --network-lock skip \
                --image-path /tmp/unfetched --work-path /tmp/work counter 7>/tmp/serving </dev/null >/dev/null &
            saving=$!
            od -An -tx1 /tmp/serving
            kill -KILL $saving $(cat /proc/$saving/task/$saving/children)
            ask counter
            save --image-path /tmp/fetched counter
            restore --image-path /tmp/fetched --bundle {Bundle()} counter
            ask counter
            """
        );

        Assert.Equal(["1", " 00", "2", "3"], result.ShouldSucceed().Lines);
    }

    private string Bundle(Action<JsonObject>? edit = null) =>
        guest.Bundle(
            ["sh", "-c", Counting],
            config =>
            {
                config.AddTmpfs("/tmp");

                // What CRIU asks of a network namespace this kernel does not answer without more modules.
                config.RemoveNamespace("network");
                edit?.Invoke(config);
            }
        );

    private static void AddBind(JsonObject config, string source, string target) =>
        ConfigMounts.Add(config, target, "bind", source, "rbind");
}
