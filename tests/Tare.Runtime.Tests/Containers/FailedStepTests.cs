using System.Globalization;
using System.Text;
using Tare.Fixtures;
using Tare.Launch;
using Tare.Linux;
using Tare.Linux.Abi;
using Tare.Oci;
using Tare.Runtime.Containers;
using Tare.Runtime.State;
using Tare.Runtime.Tests.Planning;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Tests.Containers;

/// <summary>Every step of a container's launch fails in turn: the error has the step's words, and nothing is left.</summary>
[Collection(nameof(Alone))]
public sealed class FailedStepTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly StateStore _store;
    private readonly ContainerId _id = ContainerId.Parse($"tare-test-{Guid.NewGuid():N}");
    private string[] _before = [];

    public FailedStepTests()
    {
        Require.Root();
        _store = new StateStore(_folder.At("state"));
    }

    [Fact]
    public void Nothing_is_left_of_a_container_whose_launch_fails_at_any_step() =>
        FailEachStep(spec => spec, waitsForStart: false);

    [Fact]
    public void Nothing_is_left_of_a_container_that_fails_at_any_step_before_it_waits_for_its_start() =>
        FailEachStep(spec => spec, waitsForStart: true);

    [Fact]
    public void Nothing_is_left_of_a_container_with_a_user_namespace_whose_launch_fails_at_any_step() =>
        FailEachStep(
            spec =>
                spec.Linux(linux =>
                    linux with
                    {
                        Namespaces = [.. linux.Namespaces, new NamespaceSpec(NamespaceType.User, null)],
                        UidMappings = [new IdMapping(0, 100_000, 65536)],
                        GidMappings = [new IdMapping(0, 100_000, 65536)],
                    }
                ),
            waitsForStart: false
        );

    [Fact]
    public void A_network_device_is_given_back_by_a_launch_that_fails_at_any_step() =>
        OwnThread.Run(() =>
        {
            Namespaces.Unshare(CloneFlags.CLONE_NEWNET).OrThrow("unshare");
            AddDevice();
            WriteBundle(spec =>
                spec.Linux(linux => linux with { NetDevices = [new NetDeviceSpec("given0", "taken0")] })
            );
            int steps = BundlePlan.Of(Validate(), null, Request()).Plan.Steps.Length;
            string before = DescribeDevice();
            int failed = 0;
            for (int step = 0; step < steps; step++)
            {
                if (Launch(waitsForStart: false, step) is null)
                {
                    // It went with the container's namespace.
                    AddDevice();
                    continue;
                }

                failed++;
                Assert.Equal(before, DescribeDevice());
            }

            Assert.True(failed > steps / 2, $"only {failed} of {steps} steps failed");
        });

    [Fact]
    public void Nothing_is_left_of_a_program_that_fails_to_be_added_at_any_step()
    {
        WriteBundle(spec => spec.Process(process => process with { Args = ["/bin/sleep", "1000"] }));
        using ContainerCreation creation = ContainerCreation.Begin(_store, Request());
        using LaunchedProcess first = creation.Run();
        using (Container container = Container.Open(_store, _id))
        {
            ProcessSpec process = new() { Args = ["/bin/true"], Cwd = "/" };
            int failed = 0;
            for (int step = 0; failed == step; step++)
            {
                try
                {
                    using LaunchedProcess added = ContainerExec.Execute(
                        container,
                        new ExecRequest { Process = process, FailAt = step }
                    );
                    PidFds.Wait(added.Process).OrThrow("wait");
                }
                catch (ContainerException e)
                {
                    Assert.Contains("EIO", e.Message, StringComparison.Ordinal);
                    failed++;
                }

                Assert.Equal([first.ProcessId], container.ListProcesses());
            }

            Assert.True(failed > 50, $"only {failed} steps failed");
        }

        first.Kill();
        ContainerDeletion.Delete(_store, _id, force: false);
        Assert.Empty(_store.List());
    }

    public void Dispose() => _folder.Dispose();

    private void FailEachStep(Func<RuntimeSpec, RuntimeSpec> edit, bool waitsForStart)
    {
        WriteBundle(edit);
        int steps = BundlePlan.Of(Validate(), null, Request()).Plan.Steps.Length;
        int failed = 0;

        // The first launch makes what stays for the process's life: the directory of marks, the runtime's own descriptors.
        Launch(waitsForStart, -1);
        _before = Traces();
        for (int step = 0; step < steps + 20; step++)
        {
            if (Launch(waitsForStart, step) is { } message)
            {
                failed++;
                Assert.Contains("EIO", message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', message);
            }

            string[] left = [.. Traces().Except(_before)];
            Assert.True(left.Length == 0, $"step {step} leaves:\n{string.Join('\n', left)}");
        }

        // Steps that this launch passes over do not fail.
        Assert.True(failed > steps / 2, $"only {failed} of {steps} steps failed");
    }

    private static void AddDevice()
    {
        Tool.Run("ip", "link", "add", "given0", "address", "00:11:22:33:44:55", "type", "veth").ShouldSucceed();
        Tool.Run("ip", "address", "add", "10.7.0.1/24", "dev", "given0").ShouldSucceed();
        Tool.Run("ip", "link", "set", "given0", "up").ShouldSucceed();
    }

    private static string DescribeDevice()
    {
        using RouteSocket socket = RouteSocket.Open().OrThrow("open a netlink socket");
        NetworkLink link = NetworkLinks.Find(socket, "given0").OrThrow("find", "given0");
        IReadOnlyList<LinkAddress> addresses = LinkAddresses.List(socket, link.Index).OrThrow("list");
        return $"{link with { Index = 0 }} {string.Join(' ', addresses)}";
    }

    // The error, or null where the step was passed over and the container ran.
    private string? Launch(bool waitsForStart, int failAt)
    {
        try
        {
            using ContainerCreation creation = ContainerCreation.Begin(
                _store,
                Request() with
                {
                    WaitsForStart = waitsForStart,
                    FailAt = failAt,
                }
            );
            if (!waitsForStart)
            {
                using LaunchedProcess process = creation.Run();
                PidFds.Wait(process.Process).OrThrow("wait");
                ContainerDeletion.Delete(_store, _id, force: false);
                return null;
            }

            creation.Create();
        }
        catch (ContainerException e)
        {
            return e.Message;
        }

        return Start();
    }

    // What is left to do then fails at the start.
    private string? Start()
    {
        string? message = null;
        int process;
        using (Container container = Container.Open(_store, _id))
        {
            process = container.Record.ProcessId;
            try
            {
                container.Start();
            }
            catch (ContainerException e)
            {
                message = e.Message.Contains("has stopped", StringComparison.Ordinal)
                    ? "EIO, seen too late"
                    : e.Message;
            }
        }

        using (PidFd child = PidFds.Open(process).OrThrow("open the child"))
        {
            PidFds.Wait(child).OrThrow("wait");
        }

        ContainerDeletion.Delete(_store, _id, force: false);
        return message;
    }

    private CreateRequest Request() =>
        new()
        {
            Id = _id,
            Bundle = _folder.Path,
            PidFile = _folder.At("pid"),
        };

    private ValidatedSpec Validate() =>
        SpecValidator.Validate(
            RuntimeSpecReader.Read(ConfigurationFile.ReadBundle(_folder.Path)),
            new ValidationContext(_folder.Path)
        );

    private void WriteBundle(Func<RuntimeSpec, RuntimeSpec> edit)
    {
        BusyboxRootfs.Create(_folder.At("rootfs"));
        RuntimeSpec spec = Specs.Default.Process(process =>
            process with
            {
                Terminal = false,
                Args = ["/bin/true"],
                Rlimits = [],
            }
        );
        File.WriteAllBytes(_folder.At("config.json"), RuntimeSpecWriter.Write(edit(spec)));
    }

    private string[] Traces()
    {
        File.Delete(_folder.At("pid"));
        return
        [
            .. File.ReadLines("/proc/self/mountinfo"),
            .. Directory
                .EnumerateDirectories("/sys/fs/cgroup", "*", SearchOption.AllDirectories)
                .Where(path => path.Contains(_id.Text, StringComparison.Ordinal)),
            .. Directory.EnumerateFileSystemEntries(_folder.At("state"), "*", SearchOption.AllDirectories),
            .. Descriptors(),
            .. Children(),
        ];
    }

    // The runtime of the language opens its libraries when it likes.
    private static IEnumerable<string> Descriptors() =>
        DescriptorTable
            .List()
            .Value.Select(number => $"descriptor {number} {File.ResolveLinkTarget($"/proc/self/fd/{number}", false)}")
            .Where(descriptor => !descriptor.EndsWith(".dll", StringComparison.Ordinal));

    // A thread that has ended meanwhile has none.
    private static IEnumerable<string> Children() =>
        Directory
            .EnumerateDirectories("/proc/self/task")
            .Select(task => Encoding.ASCII.GetString(Files.ReadAllAt(null, $"{task}/children").Value ?? []))
            .SelectMany(children => children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(child => File.ReadAllText($"/proc/{child}/comm").Trim() is not "dotnet")
            .Select(child => $"child {child.ToString(CultureInfo.InvariantCulture)}");
}
