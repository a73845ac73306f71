using Tare.Fixtures;

namespace Tare.OciCli.Tests;

/// <summary>Which descriptors a program gets: --preserve-fds, LISTEN_FDS, and no other.</summary>
public sealed class DescriptorTests : IDisposable
{
    // The listing opens one of its own.
    private const string List = "ls /proc/self/fd | wc -l; echo \"fds=$LISTEN_FDS pid=$LISTEN_PID\"";

    private readonly OciRuntime _runtime = new();

    [Fact]
    public void A_program_gets_its_standard_streams_and_no_other_descriptor() =>
        Assert.Equal(["4", "fds= pid="], Run(List, "9</etc/hostname 8>/dev/null 3<&0"));

    [Fact]
    public void Preserved_descriptors_are_the_programs_and_later_ones_are_not() =>
        Assert.Equal(
            ["first", "second", "6", "fds= pid="],
            Run(
                "cat <&3; cat <&4; " + List,
                "3< <(echo first) 4< <(echo second) 5</dev/null 6</dev/null",
                "--preserve-fds=2"
            )
        );

    [Fact]
    public void Descriptors_of_a_service_manager_are_the_programs_and_it_is_told_of_them() =>
        Assert.Equal(
            ["5", "fds=1 pid=1"],
            Run(List, "3</dev/null 4</dev/null", [], "LISTEN_FDS=1 LISTEN_PID=$BASHPID")
        );

    [Fact]
    public void Both_kinds_come_one_behind_the_other() =>
        Assert.Equal(
            ["6", "fds=1 pid=1"],
            Run(List, "3</dev/null 4</dev/null 5</dev/null", ["--preserve-fds=1"], "LISTEN_FDS=1 LISTEN_PID=$BASHPID")
        );

    [Fact]
    public void Descriptors_that_a_service_manager_meant_for_another_process_are_not_passed_on() =>
        Assert.Equal(["4", "fds= pid="], Run(List, "3</dev/null", [], "LISTEN_FDS=1 LISTEN_PID=1"));

    [Fact]
    public void Preserving_a_descriptor_that_is_not_open_is_an_error() =>
        Assert.Equal(
            "tare-oci: --preserve-fds: descriptor 3 is not open: EBADF (hand over descriptors from 3 on)\n",
            _runtime
                .Do("run", "--preserve-fds", "1", "--bundle", _runtime.NewBundle(["true"]).Path, _runtime.NewId())
                .ShouldExitWith(1)
                .Errors
        );

    [Fact]
    public void A_program_that_is_added_gets_those_that_are_preserved()
    {
        OciContainer container = _runtime.Create().Start();

        string[] lines = _runtime
            .Shell(
                $"exec 3< <(echo third) 4</dev/null; oci exec --preserve-fds 1 \"$1\" sh -c 'cat <&3; {List}'",
                container.Id
            )
            .ShouldSucceed()
            .Lines;

        Assert.Equal(["third", "5", "fds= pid="], lines);
    }

    [Fact]
    public void Closed_standard_streams_become_the_null_device_and_not_some_file_of_the_runtimes()
    {
        string id = _runtime.NewId();
        Bundle bundle = _runtime.NewBundle(
            ["sh", "-c", "for i in 0 1 2; do readlink /proc/self/fd/$i; done >/tmp/output"],
            config => ConfigMounts.Add(config, "/tmp", "bind", _runtime.Folder.Path, "bind")
        );

        _runtime.Shell("oci run --bundle \"$1\" \"$2\" <&- >&- 2>&-", bundle.Path, id).ShouldSucceed();

        Assert.Equal(["/dev/null", "/tmp/output", "/dev/null"], File.ReadAllLines(_runtime.Folder.At("output")));
    }

    public void Dispose() => _runtime.Dispose();

    private string[] Run(string script, string redirections, params string[] options) =>
        Run(script, redirections, options, "");

    private string[] Run(string script, string redirections, string[] options, string variables) =>
        _runtime
            .Shell(
                $"exec {redirections}; {variables} exec '{OciRuntime.Program}' --root '{_runtime.Root}' run {string.Join(' ', options)} "
                    + "--bundle \"$1\" \"$2\"",
                _runtime.NewBundle(["sh", "-c", script]).Path,
                _runtime.NewId()
            )
            .ShouldSucceed()
            .Lines;
}
