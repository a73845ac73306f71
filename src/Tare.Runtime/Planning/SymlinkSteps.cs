using System.Buffers.Binary;
using System.Text;
using Tare.Launch;
using Tare.Linux.Abi;
using Tare.Runtime.Validation;

namespace Tare.Runtime.Planning;

/// <summary>Steps that make a symlink of the host's again in the container.</summary>
internal static class SymlinkSteps
{
    private const int Word = 8;

    /// <summary>Makes a symlink. One that is there already must say the same, anything else there must not be.</summary>
    public static void Copy(PlanState state, ContainerPath path, string text)
    {
        LaunchPlanBuilder plan = state.Plan;
        plan.Group("mounts");
        Slot parent = Destinations.Directory(state, path.Parent);
        Label there = plan.NewLabel($"'{path}' is there");
        Label done = plan.NewLabel($"'{path}' is the symlink");
        plan.Add(
            new CallStep($"make the symlink '{path}' to '{text}'", Syscall.symlinkat, [text, parent, path.Name])
            {
                Branches = [new Branch(Errno.EEXIST, there)],
            }
        );
        plan.Add(new JumpStep($"'{path}' has been made", done));
        plan.Place(there);
        Compare(state, parent, path, text);
        plan.Place(done);
    }

    // The zero behind the text is compared with it: what is read begins as zeros, so a longer text differs there.
    private static void Compare(PlanState state, Slot parent, ContainerPath path, string text)
    {
        string words = $"make sure that '{path}', which is there already, is a symlink to '{text}'";
        byte[] wanted = new byte[(Encoding.UTF8.GetByteCount(text) / Word + 1) * Word];
        Encoding.UTF8.GetBytes(text, wanted);
        Scratch found = state.Plan.NewScratch($"what the symlink {path} says", wanted.Length);
        state.Plan.Call(words, Syscall.readlinkat, parent, path.Name, found, wanted.Length);
        for (int i = 0; i < wanted.Length; i += Word)
        {
            ulong expected = BinaryPrimitives.ReadUInt64LittleEndian(wanted.AsSpan(i));
            state.Plan.Add(new CheckStep(words, found, i, Word, ulong.MaxValue, expected) { Failure = Errno.EEXIST });
        }
    }
}
