using Tare.Runtime.HostView.Changes;

namespace Tare.Runtime.Tests.HostView.Changes;

public sealed class TextDiffTests
{
    [Fact]
    public void The_same_text_has_no_difference() => Assert.Empty(TextDiff.Unified(["a\n"], ["a\n"]));

    [Fact]
    public void Hunks_are_those_of_diff()
    {
        string[] old = [.. Enumerable.Range(1, 20).Select(number => $"{number}\n")];
        string[] changed = [.. old];
        changed[1] = "two\n";
        changed[17] = "eighteen";

        Assert.Equal(
            [
                "@@ -1,5 +1,5 @@",
                " 1",
                "-2",
                "+two",
                " 3",
                " 4",
                " 5",
                "@@ -15,6 +15,6 @@",
                " 15",
                " 16",
                " 17",
                "-18",
                "+eighteen",
                "\\ No newline at end of file",
                " 19",
                " 20",
            ],
            TextDiff.Unified(old, changed)
        );
    }

    [Fact]
    public void Of_nothing_everything_is_new() =>
        Assert.Equal(["@@ -0,0 +1,2 @@", "+a", "+b"], TextDiff.Unified([], ["a\n", "b\n"]));

    [Fact]
    public void Following_a_difference_of_chance_leads_from_one_text_to_the_other()
    {
        Random random = new(1);
        for (int round = 0; round < 500; round++)
        {
            string[] old = Chance(random);
            string[] changed = Chance(random);
            List<string> result = [.. old];
            int moved = 0;
            int edits = 0;
            foreach (LineDiff.Edit edit in LineDiff.Of(old, changed))
            {
                result.RemoveRange(edit.Old + moved, edit.OldCount);
                result.InsertRange(edit.Old + moved, changed.Skip(edit.New).Take(edit.NewCount));
                moved += edit.NewCount - edit.OldCount;
                edits += edit.NewCount + edit.OldCount;
            }

            Assert.Equal(changed, result);
            Assert.Equal(old.Length + changed.Length - (2 * LongestCommon(old, changed)), edits);
        }
    }

    private static string[] Chance(Random random) =>
        [.. Enumerable.Range(0, random.Next(0, 30)).Select(_ => $"{random.Next(0, 4)}\n")];

    private static int LongestCommon(string[] left, string[] right)
    {
        int[,] length = new int[left.Length + 1, right.Length + 1];
        for (int i = 1; i <= left.Length; i++)
        {
            for (int j = 1; j <= right.Length; j++)
            {
                length[i, j] =
                    left[i - 1] == right[j - 1]
                        ? length[i - 1, j - 1] + 1
                        : Math.Max(length[i - 1, j], length[i, j - 1]);
            }
        }

        return length[left.Length, right.Length];
    }
}
