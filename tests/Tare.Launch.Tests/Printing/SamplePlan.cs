using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Launch.Tests.Printing;

/// <summary>A plan made by hand that has one of everything a plan can hold.</summary>
internal static class SamplePlan
{
    public static LaunchPlan Make()
    {
        LaunchPlanBuilder builder = new()
        {
            CloneFlags = CloneFlags.CLONE_NEWNS | CloneFlags.CLONE_NEWPID | CloneFlags.CLONE_NEWUTS,
        };
        Slot root = builder.NewInput("the root file system");
        Slot proc = builder.NewSlot("proc");
        Scratch status = builder.NewScratch("statfs of proc", 120);
        Scratch attributes = builder.NewScratch("mount_attr", [1, .. new byte[31]]);
        Label make = builder.NewLabel("make the directory");
        Label mount = builder.NewLabel("mount it");
        Label absent = builder.NewLabel("give up");

        builder.Group("namespaces");
        builder.Gate("wait for the user namespace's maps");
        builder.Call("name the host 'tare'", Syscall.sethostname, "tare", 4);

        builder.Group("mounts");
        builder.Add(
            new CallStep("open '/proc'", Syscall.openat2, [root, "proc", Argument.Struct(OpenHow()), 24])
            {
                Result = proc,
                Branches = [new Branch(Errno.ENOENT, make), new Branch(Errno.EACCES, absent)],
            }
        );
        builder.Add(new JumpStep("the directory is there", mount));
        builder.Place(make);
        builder.Add(
            new CallStep("make '/proc'", Syscall.mkdirat, [root, "proc", Argument.Number(493, ArgumentFormat.Octal)])
            {
                Tolerated = [Errno.EEXIST, Errno.EROFS],
            }
        );
        builder.Place(mount);
        builder.Call("mount proc on '/proc'", Syscall.mount, "proc", ".", "proc", 14, Argument.Null);
        builder.Call("look at '/proc'", Syscall.fstatfs, proc, status);
        builder.Add(new CheckStep("'/proc' is a procfs", status, 0, 8, 0xffffffff, 0x9fa0) { Failure = Errno.ENOTDIR });
        builder.Add(
            new CheckStep("'/proc' is not writable", status, 4, 4, 0xffffffff, 1)
            {
                MustDiffer = true,
                Otherwise = absent,
            }
        );
        builder.Add(new StoreStep("name the user namespace", root, attributes, 24, 8));
        builder.Call("make '/proc' read-only", Syscall.mount_setattr, proc, "", 0x1000, attributes, 32);
        builder.Add(new SpawnStep("enter the PID namespace", CloneFlags.CLONE_PARENT));

        builder.Group("program");
        builder.Call("limit open files", Syscall.prlimit64, 0, 7, Argument.Struct(Limit(1024, ulong.MaxValue)), 0);
        builder.Call(
            "execute '/bin/sh'",
            Syscall.execve,
            "/bin/sh",
            Argument.Texts(["sh", "-c", "echo \"hi\"\n"]),
            Argument.Texts([])
        );
        builder.Place(absent);
        builder.Add(new FailStep("find a '/proc'", Errno.ENOENT));
        return builder.Build();
    }

    public static byte[] OpenHow()
    {
        byte[] how = new byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(how, 0x290000);
        BinaryPrimitives.WriteUInt64LittleEndian(how.AsSpan(16), 0x12);
        return how;
    }

    public static byte[] Limit(ulong current, ulong maximum)
    {
        byte[] limit = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(limit, current);
        BinaryPrimitives.WriteUInt64LittleEndian(limit.AsSpan(8), maximum);
        return limit;
    }
}
