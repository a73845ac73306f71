using Tare.Fixtures;

namespace Tare.Processes.Tests.Sandboxes;

/// <summary>What honest programs do beside what attacks do with the same calls.</summary>
public sealed class SandboxOrdinaryProgramTests
{
    private static readonly (string Program, string Script)[] Programs =
    [
        (
            "python3",
            """
            /usr/bin/python3 -c '
            import fcntl, os, resource, shutil, subprocess, threading
            os.setpriority(os.PRIO_PROCESS, 0, 3)
            os.sched_setaffinity(0, os.sched_getaffinity(0))
            resource.prlimit(os.getpid(), resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            thread = threading.Thread(target=print); thread.start(); thread.join()
            child = subprocess.Popen(["sleep", "1000"]); child.kill(); child.wait()
            os.mkdir("tree"); os.chmod("tree", 0o2755); shutil.copytree("tree", "copy")
            fcntl.lockf(open("tree/file", "w"), fcntl.LOCK_EX)
            os.chmod("tree/file", 0o600); os.utime("tree/file", (1, 1)); os.chown("tree/file", -1, os.getgid())
            '
            """
        ),
        (
            "bash",
            """
            bash -ec 'ulimit -c 0; ulimit -n 100; nice -n 5 true; sleep 1000 & kill $!; echo x > a; cp -a a b; chmod 4755 a || chmod 755 a
            install -m 755 a c; tar cf t.tar a; tar xpf t.tar; mkdir -m 2775 shared; chmod g+s shared'
            """
        ),
        ("ionice", "ionice -c 3 taskset -c $(taskset -cp $$ | sed 's/.*[: ]//;s/[,-].*//') true"),
        ("gcc", "echo 'int main(void) { return 0; }' > a.c && gcc a.c && ./a.out"),
        ("make", "printf 'all:\\n\\techo made\\n' > Makefile && make -j 2"),
        (
            "git",
            "mkdir r && cd r && git init -q && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m first && git clone -q . copy"
        ),
        (
            "node",
            """node -e 'require("fs").writeFileSync("n", "x"); require("fs").chmodSync("n", 0o755); require("child_process").execSync("true")'"""
        ),
        (
            "java",
            """
            echo 'class A { public static void main(String[] a) throws Exception { Thread t = new Thread(() -> { }); t.setPriority(9); t.start(); t.join(); } }' > A.java
            java -Xmx100m -XX:+UseSerialGC A.java
            """
        ),
        ("perl", "touch a && perl -e 'chmod 0700, \"a\" or die; setpriority(0, 0, 4) or die; kill 0, $$ or die'"),
    ];

    public static MatrixTheoryData<SandboxLevel, string> Everywhere =>
        new(Enum.GetValues<SandboxLevel>(), Programs.Select(program => program.Program));

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_honest_program_is_not_held_up(SandboxLevel level, string program)
    {
        Require.Root();
        Assert.SkipUnless(File.Exists($"/usr/bin/{program}"), $"needs /usr/bin/{program}");
        SandboxResult result = await Sandbox.RunAsync(
            "sh",
            ["-ec", $"cd $TMPDIR\n{Programs.Single(one => one.Program == program).Script}"],
            new() { Level = level, Memory = 1 << 30 },
            TestContext.Current.CancellationToken
        );

        Assert.True(
            result.Success,
            $"{result.End} {result.ExitStatus}\n{result.StandardOutput}\n{result.StandardError}"
        );
    }
}
