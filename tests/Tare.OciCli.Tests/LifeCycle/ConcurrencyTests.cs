using Tare.Fixtures;

namespace Tare.OciCli.Tests;

public sealed class ConcurrencyTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void Several_containers_run_at_once()
    {
        Bundle bundle = _runtime.NewBundle(["sh", "-c", "cat; hostname"]);
        string[] ids = [.. Enumerable.Range(0, 8).Select(_ => _runtime.NewId())];

        RunningTool[] runs = [.. ids.Select(id => _runtime.Start("run", "--bundle", bundle.Path, id))];
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i].Input.Write($"for {i}\n");
        }

        for (int i = 0; i < runs.Length; i++)
        {
            Assert.Equal([$"for {i}", "runc"], runs[i].Wait().ShouldSucceed().Lines);
        }

        Traces.ShouldBeNone(_runtime.Root, [bundle.Path, .. ids]);
    }

    [Fact]
    public void Of_two_that_want_the_same_name_one_gets_it()
    {
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"]);
        for (int round = 0; round < 10; round++)
        {
            string id = _runtime.NewId();

            RunningTool[] creations =
            [
                .. Enumerable.Range(0, 2).Select(_ => _runtime.Start("create", "--bundle", bundle.Path, id)),
            ];
            int[] statuses = [.. creations.Select(creation => creation.WaitForExit())];

            Assert.Equal([0, 1], statuses.Order());
            Assert.Equal(
                $"tare-oci: container with id '{id}' already exists (delete it, or choose another id)\n",
                creations[Array.IndexOf(statuses, 1)].Wait().Errors
            );
            Assert.Contains("\"created\"", _runtime.Do("state", id).ShouldSucceed().Output, StringComparison.Ordinal);
            _runtime.Do("delete", "--force", id).ShouldSucceed();
            Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
        }
    }

    [Fact]
    public void A_program_that_is_added_to_a_container_that_ends_just_now_runs_or_is_told_that_it_has_stopped()
    {
        const string Round = "oci kill -a $1 KILL & oci exec $1 true 2>&1; wait";
        HashSet<string> words = [];
        for (int round = 0; round < 30; round++)
        {
            OciContainer container = _runtime.Create().Start();

            words.Add(_runtime.Shell(Round, container.Id).Output.Split(':', 2)[^1].Trim());
            container.Do("delete", "--force").ShouldSucceed();
        }

        Assert.All(
            words,
            text =>
                Assert.True(
                    text is "" or "cannot exec in a stopped container"
                        || text.EndsWith(
                            "(something killed it: a memory limit, or another process)",
                            StringComparison.Ordinal
                        ),
                    text
                )
        );
    }

    [Fact]
    public void Containers_come_and_go_beside_each_other()
    {
        Bundle bundle = _runtime.NewBundle(["sleep", "1000"]);
        string[] ids = [.. Enumerable.Range(0, 4).Select(_ => _runtime.NewId())];
        const string Loop = """
            for i in 1 2 3 4 5 6 7 8 9 10; do
                oci create --bundle "$1" "$2" </dev/null &>/dev/null || exit 1
                oci start "$2" || exit 2
                oci exec "$2" true || exit 3
                oci kill "$2" KILL || exit 4
                oci delete --force "$2" || exit 5
                oci run --bundle "$3" "$2" || exit 6
            done
            """;
        Bundle shortLived = _runtime.NewBundle(["true"]);

        RunningTool[] loops = [.. ids.Select(id => _runtime.StartShell(Loop, bundle.Path, id, shortLived.Path))];

        Assert.All(loops, loop => Assert.Empty(loop.Wait().ShouldSucceed().Errors));
        Traces.ShouldBeNone(_runtime.Root, [bundle.Path, .. ids]);
    }

    [Fact]
    public void Of_several_who_delete_a_container_none_fails_by_force()
    {
        for (int round = 0; round < 5; round++)
        {
            OciContainer container = _runtime.Create();

            RunningTool[] deletions =
            [
                .. Enumerable.Range(0, 4).Select(_ => _runtime.Start("delete", "--force", container.Id)),
            ];

            Assert.All(deletions, deletion => deletion.Wait().ShouldSucceed());
            Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
        }
    }

    [Fact]
    public void A_container_that_somebody_is_making_is_not_swept_away()
    {
        OciContainer container = _runtime.Create();
        string id = _runtime.NewId();
        string folder = Path.Combine(_runtime.Root, id);
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(_runtime.Root, container.Id, "record"), Path.Combine(folder, "record"));
        string mark = Path.Combine(_runtime.Root, "@in-progress", id);
        File.WriteAllText(mark, "!");
        using RunningTool maker = Tool.Start("flock", mark, "sh", "-c", "echo making; read line");
        maker.WaitForText("making");

        _runtime.Run(["true"]).ShouldSucceed();
        ToolResult create = _runtime.Do("create", "--bundle", container.Bundle.Path, id).ShouldExitWith(1);
        ToolResult delete = _runtime.Do("delete", "--force", id).ShouldExitWith(1);

        Assert.Contains("already exists", create.Errors, StringComparison.Ordinal);
        Assert.Contains("creating (wait until it is made)", delete.Errors, StringComparison.Ordinal);
        Assert.True(Directory.Exists(folder));

        // Without its maker it is swept, together with the process that its record names.
        maker.Input.Write("\n");
        maker.Wait();
        _runtime.Run(["true"]).ShouldSucceed();
        Assert.False(Directory.Exists(folder));
        Assert.Equal("stopped", container.Status);
    }

    public void Dispose() => _runtime.Dispose();
}
