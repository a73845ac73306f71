namespace Tare.Runtime.Tests;

public sealed class RollbackTests
{
    [Fact]
    public void What_was_done_last_is_undone_first()
    {
        List<int> undone = [];
        using (Rollback rollback = new())
        {
            rollback.Push(() => undone.Add(1));
            rollback.Push(() => undone.Add(2));
        }

        Assert.Equal([2, 1], undone);
    }

    [Fact]
    public void Nothing_is_undone_once_all_is_well()
    {
        bool undone = false;
        using (Rollback rollback = new())
        {
            rollback.Push(() => undone = true);
            rollback.Commit();
        }

        Assert.False(undone);
    }

    [Fact]
    public void A_release_that_fails_does_not_keep_the_rest_from_being_undone()
    {
        bool undone = false;
        using (Rollback rollback = new())
        {
            rollback.Push(() => undone = true);
            rollback.Push(() => throw new ContainerException("cannot"));
        }

        Assert.True(undone);
    }
}
