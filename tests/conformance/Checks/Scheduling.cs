using Tare.Conformance.Suite;
using Tare.Fixtures;

namespace Tare.Conformance.Checks;

internal static class Scheduling
{
    public static Group Group { get; } =
        new(
            "Scheduling",
            "config.md: process.scheduler, ioPriority, execCPUAffinity; config-linux.md: memoryPolicy",
            [
                new(
                    "O-072 O-073",
                    "the policy SCHED_BATCH with a nice value",
                    site =>
                    {
                        Container container = site.Started(edit: config =>
                            config.Put("process.scheduler", """{"policy":"SCHED_BATCH","nice":5}""")
                        );
                        string[] stat = container.Proc("stat").Split(") ")[1].Split(' ');
                        Assert.Equal(("5", "3"), (stat[16], stat[38]));
                    }
                ),
                new(
                    "O-072",
                    "the policy SCHED_IDLE",
                    site =>
                    {
                        Container container = site.Started(edit: config =>
                            config.Put("process.scheduler", """{"policy":"SCHED_IDLE"}""")
                        );
                        Assert.Equal("5", container.Proc("stat").Split(") ")[1].Split(' ')[38]);
                    }
                ),
                new(
                    "O-072",
                    "a policy that there is not is refused",
                    site => site.Refuses(config => config.Put("process.scheduler", """{"policy":"SCHED_NOSUCH"}"""))
                ),
                new(
                    "O-076",
                    "the priority of its input and output",
                    site =>
                    {
                        Container container = site.Started(edit: config =>
                            config.Put("process.ioPriority", """{"class":"IOPRIO_CLASS_BE","priority":7}""")
                        );
                        Assert.Equal(
                            ["best-effort: prio 7"],
                            Tool.Run("ionice", "-p", $"{container.ProcessId}").ShouldSucceed().Lines
                        );
                    }
                ),
                new(
                    "O-078",
                    "an added program keeps to its processors",
                    site =>
                    {
                        Container container = site.Started();
                        string file = site.Folder.Write(
                            "process.json",
                            """
                            {"cwd":"/","user":{"uid":0,"gid":0},"env":["PATH=/bin"],
                            "args":["grep","Cpus_allowed_list","/proc/self/status"],"execCPUAffinity":{"final":"0"}}
                            """
                        );
                        Assert.Equal(
                            ["Cpus_allowed_list:\t0"],
                            site.Do("exec", "--process", file, container.Id).ShouldSucceed().Lines
                        );
                    }
                ),
                new(
                    "O-162",
                    "the policy of memory",
                    site =>
                    {
                        Container container = site.Started(edit: config =>
                            config.Put("linux.memoryPolicy", """{"mode":"MPOL_BIND","nodes":"0"}""")
                        );
                        Assert.Contains("bind:0", container.Proc("numa_maps"));
                    }
                ),
            ]
        );
}
