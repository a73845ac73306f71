using Tare.Linux;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Launching;

/// <summary>What a plan is handed, and what it hands back.</summary>
public sealed class InputTests
{
    [Fact]
    public void A_launch_without_one_of_its_inputs_is_refused()
    {
        LaunchPlanBuilder plan = new();
        Slot given = plan.NewInput("the given one");
        plan.NewInput("the forgotten one");
        plan.Execute("/bin/true");

        ArgumentException e = Assert.Throws<ArgumentException>(() =>
            Launcher.Launch(plan.Build(), new LaunchInputs().Add(given, 1))
        );

        Assert.StartsWith("the plan's input ‹the forgotten one› is not given", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_of_another_plan_is_refused()
    {
        LaunchPlanBuilder other = new();
        Slot foreign = other.NewInput("somebody else's");
        LaunchPlanBuilder plan = new();
        Slot own = plan.NewSlot("its own");
        plan.CallInto(own, "ask for the user", Syscall.getuid);
        LaunchPlan built = plan.Build();

        Assert.Throws<ArgumentException>(() => Launcher.Launch(built, new LaunchInputs().Add(foreign, 1)));
        Assert.Throws<ArgumentException>(() => Launcher.Launch(built, new LaunchInputs().Add(own, 1)));
    }

    [Fact]
    public void A_descriptor_that_was_closed_is_refused()
    {
        LaunchPlanBuilder plan = new();
        Slot pipe = plan.NewInput("a pipe");
        plan.Execute("/bin/true");
        using PipePair pair = Pipes.Create().OrThrow("pipe");
        pair.ReadEnd.Dispose();

        Assert.Throws<ObjectDisposedException>(() =>
            Launcher.Launch(plan.Build(), new LaunchInputs().Add(pipe, pair.ReadEnd))
        );
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Numbers_go_in_and_results_come_out(bool gated, bool spawned)
    {
        LaunchPlanBuilder plan = new();
        Slot input = plan.NewInput("a number");
        Slot file = plan.NewSlot("a file");
        Slot length = plan.NewSlot("its length");
        Slot result = plan.NewSlot("what came of it");
        if (gated)
        {
            plan.Gate("wait for the launcher");
        }

        if (spawned)
        {
            plan.Spawn();
        }

        plan.CallInto(file, "make a file", Syscall.memfd_create, "file", 1);
        plan.CallInto(length, "go there", Syscall.lseek, file, input, 0);
        plan.Add(
            new CallStep("enter '/missing'", Syscall.chdir, ["/missing"])
            {
                Result = result,
                Tolerated = [Errno.ENOENT],
            }
        );
        plan.Execute("/bin/true");

        using LaunchedProcess process = Launches.Make(
            plan.Build(),
            new LaunchInputs().Add(input, 0x1234_5678_9ABC_DEF0)
        );

        Launches.Wait(process);
        Assert.Equal(0x1234_5678_9ABC_DEF0, process[length]);
        Assert.Equal(-(long)Errno.ENOENT, process[result]);
        Assert.True(process[file] > 2);
    }

    [Fact]
    public void Fields_and_pointers_of_structs_are_filled_on_the_way()
    {
        byte[] words = "said through a struct\n"u8.ToArray();
        LaunchPlanBuilder plan = new();
        Scratch text = plan.NewScratch("text", words);
        Scratch vector = plan.NewScratch("iovec", 16);
        Slot length = plan.NewInput("its length");

        string output = Launches.Output(
            plan,
            builder =>
            {
                builder.Add(new AddressStep("point to the text", text, vector, 0));
                builder.Add(new StoreStep("say how long it is", length, vector, 8, 8));
                builder.Call("say it", Syscall.writev, 1, vector, 1);
                builder.Execute("/bin/true");
            },
            new LaunchInputs().Add(length, words.Length)
        );

        Assert.Equal("said through a struct\n", output);
    }

    [Fact]
    public void One_plan_can_be_launched_many_times_by_many_threads()
    {
        LaunchPlanBuilder builder = new();
        Slot input = builder.NewInput("the exit code");
        builder.Call("end", Syscall.exit_group, input);
        LaunchPlan plan = builder.Build();
        int[] codes = new int[200];

        Parallel.For(
            0,
            codes.Length,
            i =>
            {
                try
                {
                    using LaunchedProcess process = Launcher.Launch(plan, new LaunchInputs().Add(input, i));
                    codes[i] = Launches.Wait(process);
                }
                catch (LaunchException e)
                {
                    codes[i] = e.Failure.Ended!.Value.ExitCode!.Value;
                }
            }
        );

        Assert.Equal(Enumerable.Range(0, codes.Length), codes);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("\0")]
    public void A_text_with_a_zero_is_refused_because_the_kernel_would_cut_it(string text)
    {
        Assert.Throws<ArgumentException>(() => Argument.Text(text));
        Assert.Throws<ArgumentException>(() => Argument.Texts(["a", text]));
    }

    [Fact]
    public void A_plan_that_does_nothing_is_refused() =>
        Assert.Throws<ArgumentException>(() => Launcher.Launch(new LaunchPlanBuilder().Build()));

    [Fact]
    public void A_plan_that_would_spawn_twice_is_refused()
    {
        LaunchPlanBuilder plan = new();
        plan.Spawn();
        plan.Spawn();

        Assert.Throws<InvalidOperationException>(plan.Build);
    }
}
