using Tare.Fixtures;
using Tare.OciCli.Verbs;
using Tare.Runtime;

namespace Tare.OciCli.Tests;

public sealed class PsTests : IDisposable
{
    private readonly OciRuntime _runtime = new();

    [Fact]
    public void The_json_form_has_the_numbers_on_this_machine()
    {
        OciContainer container = TwoProcesses();

        string line = Assert.Single(container.DoWith("ps", "--format", "json").ShouldSucceed().Lines);

        int[] processes = Processes.In(container);
        Assert.Equal(2, processes.Length);
        Assert.Equal($"[{string.Join(',', processes)}]", line);
        Assert.Equal(container.ProcessId, processes.Min());
    }

    [Theory]
    [InlineData("ps --format json \"$1\"")]
    [InlineData("ps -f json \"$1\"")]
    [InlineData("ps -f=json \"$1\"")]
    public void Options_come_before_the_id(string command) =>
        Assert.Equal("[", _runtime.Shell($"oci {command}", TwoProcesses().Id).ShouldSucceed().Output[..1]);

    [Fact]
    public void The_table_is_what_ps_prints_of_the_containers_processes()
    {
        OciContainer container = TwoProcesses();

        string[] lines = container.Do("ps").ShouldSucceed().Lines;

        Assert.Equal(3, lines.Length);
        Assert.Equal(
            ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"],
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.All(lines[1..], line => Assert.Contains("sleep 1000", line, StringComparison.Ordinal));
    }

    [Fact]
    public void What_stands_behind_the_id_is_for_ps()
    {
        OciContainer container = _runtime.Create().Start();

        string[] lines = container.Do("ps", "-o", "pid,args").ShouldSucceed().Lines;
        string[] wide = container.Do("ps", "aux").ShouldSucceed().Lines;

        Assert.Equal(
            $"{container.ProcessId} sleep 1000",
            string.Join(' ', lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
        Assert.Equal(2, lines.Length);
        Assert.Equal(2, wide.Length);
    }

    private static string[] Fields(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void The_lines_are_runcs()
    {
        string runc = Require.Program("runc");
        OciContainer container = _runtime.Create().Start();
        string root = _runtime.Folder.At("runc");
        string id = _runtime.NewId();
        try
        {
            Tool.Start(runc, "--root", root, "run", "-d", "--bundle", container.Bundle.Path, id).WaitForExit();

            string[] theirs = Tool.Run(runc, "--root", root, "ps", id, "-o", "pid,user,args").ShouldSucceed().Lines;
            string[] ours = container.Do("ps", "-o", "pid,user,args").ShouldSucceed().Lines;

            Assert.Equal(theirs[0], ours[0]);

            // What runs there may still be runc itself; the columns are the same.
            Assert.Equal(theirs.Length, ours.Length);
            Assert.Equal(Fields(theirs[1])[1], Fields(ours[1])[1]);
        }
        finally
        {
            Tool.Run(runc, "--root", root, "delete", "--force", id);
        }
    }

    [Fact]
    public void Columns_without_numbers_are_an_error()
    {
        OciContainer container = _runtime.Create();

        Assert.Equal(
            "tare-oci: find the column 'PID' in what ps(1) printed (choose options that show it)\n",
            container.Do("ps", "-o", "args").ShouldExitWith(1).Errors
        );
    }

    [Fact]
    public void A_stopped_container_has_no_processes()
    {
        OciContainer container = _runtime.Create().Start().Stop();

        Assert.Equal("[]\n", container.DoWith("ps", "-f", "json").ShouldSucceed().Output);
        Assert.Single(container.Do("ps").ShouldSucceed().Lines);
    }

    [Fact]
    public void An_unknown_container_and_an_unknown_form_are_errors()
    {
        Assert.Equal(
            "tare-oci: container does not exist: 'nobody'\n",
            _runtime.Do("ps", "nobody").ShouldExitWith(1).Errors
        );
        Assert.Equal(
            "tare-oci: invalid format option \"xml\" (use table or json)\n",
            _runtime.Do("ps", "--format", "xml", "nobody").ShouldExitWith(1).Errors
        );
    }

    [Theory]
    [InlineData("PID CMD\n 12 a\n 13 b\n", "PID CMD\n 12 a\n")]
    [InlineData("USER PID\nroot 13\n12 12\n12 1\n", "USER PID\n12 12\n")]
    [InlineData("PID\n", "PID\n")]
    [InlineData("PID CMD\n12 a\n   b 12\n\n", "PID CMD\n12 a\n")]
    public void Lines_are_chosen_by_the_column_of_numbers(string listing, string chosen) =>
        Assert.Equal(chosen, PsCommand.Filter(listing, [12]));

    [Theory]
    [InlineData("")]
    [InlineData("CMD\na\n")]
    public void A_listing_without_that_column_is_an_error(string listing) =>
        Assert.Throws<ContainerException>(() => PsCommand.Filter(listing, [12]));

    public void Dispose() => _runtime.Dispose();

    private OciContainer TwoProcesses()
    {
        OciContainer container = _runtime.Create(["sh", "-c", "sleep 1000 & echo ready; exec sleep 1000"]);
        container.Start().Creation.WaitForText("ready");
        return container;
    }
}
