using Tare.Launch.Printing;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Printing;

public sealed class LaunchPlanTextTests
{
    [Fact]
    public void A_plan_with_one_of_everything_prints_in_words_and_calls()
    {
        const string Expected = """
            process
                create the process in new PID, mount and UTS namespaces
                  rt_sigprocmask(SIG_BLOCK, all, [signal mask], 8)
                  clone3({flags=CLONE_VM|CLONE_FILES|CLONE_PIDFD|CLONE_CHILD_CLEARTID|CLONE_CLEAR_SIGHAND}, 88), which makes the process and waits:
                  clone3({flags=CLONE_VM|CLONE_PIDFD|CLONE_VFORK|CLONE_PARENT|CLONE_NEWNS|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID|CLONE_NEWUTS|CLONE_NEWPID|CLONE_CLEAR_SIGHAND}, 88)
                  rt_sigaction(SIGPIPE, SIG_DFL, NULL, 8)

            namespaces
             1  wait for the user namespace's maps
                  wait for the parent (gate 1)
             2  name the host 'tare'
                  sethostname("tare", 4)

            mounts
             3  open '/proc'
                  openat2(‹the root file system›, "proc", {flags=O_DIRECTORY|O_CLOEXEC|O_PATH, resolve=RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT}, 24) = ‹proc›
                  on ENOENT go to 5: make the directory
                  on EACCES go to 15: give up
             4  the directory is there
                  go to 6: mount it
             5  make '/proc'
                  mkdirat(‹the root file system›, "proc", 0755)
                  no failure: EEXIST, EROFS
             6  mount proc on '/proc'
                  mount("proc", ".", "proc", 14, NULL)
             7  look at '/proc'
                  fstatfs(‹proc›, [statfs of proc])
             8  '/proc' is a procfs
                  [statfs of proc] 0..7 & 0xffffffff == 0x9fa0, else fail with ENOTDIR
             9  '/proc' is not writable
                  [statfs of proc] 4..7 != 0x1, else go to 15: give up
            10  name the user namespace
                  [mount_attr] 24..31 = ‹the root file system›
            11  make '/proc' read-only
                  mount_setattr(‹proc›, "", 4096, [mount_attr]={attr_set=MOUNT_ATTR_RDONLY}, 32)
            12  enter the PID namespace
                  clone3({flags=CLONE_VM|CLONE_VFORK|CLONE_PARENT|CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID}, 88), and end this process

            program
            13  limit open files
                  prlimit64(0, 7, {cur=1024, max=RLIM_INFINITY}, NULL)
            14  execute '/bin/sh'
                  rt_sigprocmask(SIG_SETMASK, [signal mask], NULL, 8)
                  execve("/bin/sh", ["sh", "-c", "echo \"hi\"\n"], [])
            15  find a '/proc'
                  fail with ENOENT
            """;
        Assert.Equal(Expected + "\n", LaunchPlanText.Format(SamplePlan.Make()));
    }

    [Fact]
    public void A_name_with_line_feeds_and_escapes_stays_on_its_line()
    {
        LaunchPlanBuilder builder = new();
        builder.Call("make '/a\nb\u001b[2J'", Syscall.mkdirat, Argument.WorkingDirectory, "/a\nb\u001b[2J", 0);

        string text = LaunchPlanText.Format(builder.Build());

        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("make '/a\\nb\\u001b[2J'\n", text, StringComparison.Ordinal);
        Assert.Contains("mkdirat(AT_FDCWD, \"/a\\nb\\u001b[2J\", 0)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_blob_is_cut_and_says_how_long_it_is()
    {
        LaunchPlanBuilder builder = new();
        builder.Call("set it", Syscall.setsockopt, 3, 1, 26, Argument.Struct(new byte[500]), 500);

        string text = LaunchPlanText.Format(builder.Build());

        Assert.Contains("… (500 bytes), 500)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_cgroup_that_the_process_is_created_in_is_named()
    {
        LaunchPlanBuilder builder = new();
        builder.Cgroup = builder.NewInput("the container's cgroup");
        builder.Call("end", Syscall.exit_group, 0);

        string text = LaunchPlanText.Format(builder.Build());

        Assert.Contains("create the process, in the cgroup ‹the container's cgroup›", text, StringComparison.Ordinal);
        Assert.Contains("CLONE_INTO_CGROUP, cgroup=‹the container's cgroup›}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seal_says_what_goes_along()
    {
        LaunchPlanBuilder plan = new();
        Slot word = plan.NewInput("the word");
        Scratch memory = plan.NewScratch("what was said", 1);
        plan.Seal("go on alone");
        plan.Call("wait for the word", Syscall.read, word, memory, 1);

        Assert.Contains(
            """
             1  go on alone
                  rt_sigprocmask(SIG_SETMASK, [signal mask], NULL, 8)
                  fcntl(‹the report›, F_SETFD, 0), and close-on-exec again afterwards
                  fcntl(‹the word›, F_SETFD, 0), and close-on-exec again afterwards
                  execveat(‹the sealed image›, "", ["tare"], [], AT_EMPTY_PATH)
            """.Trim('\n'),
            LaunchPlanText.Format(plan.Build()),
            StringComparison.Ordinal
        );
    }
}
