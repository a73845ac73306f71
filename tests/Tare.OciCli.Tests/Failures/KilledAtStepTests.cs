using Tare.Fixtures;
using Tare.Oci;
using Tare.Runtime.Containers;
using Tare.Runtime.State;
using Tare.Runtime.Validation;

namespace Tare.OciCli.Tests;

/// <summary>
/// The runtime is killed before every step of its child in turn (TARE_KILL_BEFORE_STEP): whatever it leaves, the next start
/// of any container removes.
/// </summary>
public sealed class KilledAtStepTests : IDisposable
{
    private const int Killed = 137;
    private readonly OciRuntime _runtime = new();

    [Theory]
    [InlineData("run", false)]
    [InlineData("create", false)]
    [InlineData("create", true)]
    public void The_next_start_removes_what_a_killed_runtime_left(string command, bool sharesMounts)
    {
        Bundle bundle = _runtime.NewBundle(
            ["true"],
            config =>
            {
                if (sharesMounts)
                {
                    Namespaces.Remove(config, "mount");
                }
            }
        );
        Bundle next = _runtime.NewBundle(["true"]);
        string nextId = _runtime.NewId();
        string pidFile = _runtime.Folder.At("pid");
        int steps = StepsOf(bundle);
        int killed = 0;
        for (int step = 1; step <= steps; step++)
        {
            string id = _runtime.NewId();

            int status = Kill(step, command, "--pid-file", pidFile, "--bundle", bundle.Path, id);
            if (status != Killed)
            {
                Assert.Equal(0, status);
                _runtime.Do("delete", "--force", id).ShouldSucceed();
                File.Delete(pidFile);
            }

            killed += status == Killed ? 1 : 0;
            if (_runtime.HasMade(id))
            {
                // The runtime had nothing left to do when it was killed.
                _runtime.Do("delete", "--force", id).ShouldSucceed();
                File.Delete(pidFile);
            }

            Traces.WaitForProcesses(id);
            Traces.WaitForMark(_runtime.Root, id);
            _runtime.Do("run", "--bundle", next.Path, nextId).ShouldSucceed();
            Traces.ShouldBeNone(_runtime.Root, id, bundle.Path);
            Assert.False(File.Exists(pidFile), $"step {step} leaves the pid file");
        }

        // Steps that this launch passes over kill nobody.
        Assert.True(killed > steps / 2, $"only {killed} of {steps} steps");
    }

    [Fact]
    public void A_container_is_as_it_was_when_the_runtime_is_killed_while_it_adds_a_program()
    {
        OciContainer container = _runtime.Create().Start();
        int killed = 0;
        for (int step = 1; step <= 120; step++)
        {
            killed += Kill(step, "exec", container.Id, "true") == Killed ? 1 : 0;

            Assert.Equal("running", container.Status);
            Assert.Equal(0, container.Exec("true").ExitCode);
        }

        Assert.True(killed > 50, $"only {killed} steps");
        container.Do("delete", "--force").ShouldSucceed();
        Traces.ShouldBeNone(_runtime.Root, container.Id, container.Bundle.Path);
    }

    public void Dispose() => _runtime.Dispose();

    private int Kill(int step, params string[] words)
    {
        using RunningTool tool = _runtime.Start(
            words,
            new ToolOptions { Environment = new Dictionary<string, string?> { ["TARE_KILL_BEFORE_STEP"] = $"{step}" } }
        );
        return tool.WaitForExit();
    }

    // Without cgroups, which add a few: the last steps are for other outcomes of the search for the program.
    private static int StepsOf(Bundle bundle)
    {
        ValidatedSpec spec = SpecValidator.Validate(
            RuntimeSpecReader.Read(ConfigurationFile.ReadBundle(bundle.Path)),
            new ValidationContext(bundle.Path)
        );
        CreateRequest request = new() { Id = ContainerId.Parse("a"), Bundle = bundle.Path };
        return BundlePlan.Of(spec, null, request).Plan.Steps.Length;
    }
}
