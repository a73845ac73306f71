using Tare.Cli.Sandbox;

namespace Tare.Cli.Tests.Sandbox;

public class AccountsTests
{
    private static readonly string[][] Users =
    [
        ["root", "x", "0", "0", "root", "/root", "/bin/sh"],
        ["ann", "x", "1000", "100", "", "/home/ann", "/bin/sh"],
        ["1001", "x", "7", "8", "", "/seven", ""],
        ["broken"],
        ["+"],
    ];

    private static readonly string[][] Groups =
    [
        ["root", "x", "0", ""],
        ["users", "x", "100", "ann,bob"],
        ["video", "x", "44", "bob,ann"],
        ["empty", "x", "", "ann"],
    ];

    [Fact]
    public void A_name_brings_its_groups_and_its_home()
    {
        Account account = Accounts.Find("ann", null, Users, Groups);

        Assert.Equal((1000u, 100u, "ann", "/home/ann"), (account.Uid, account.Gid, account.Name, account.Home));
        Assert.Equal([44u], account.Groups);
    }

    [Fact]
    public void A_number_with_an_entry_is_as_good_as_its_name() =>
        Assert.Equal("ann", Accounts.Find("1000", null, Users, Groups).Name);

    [Fact]
    public void A_number_without_an_entry_is_a_user_in_the_first_group()
    {
        Account account = Accounts.Find("4242", null, Users, Groups);

        Assert.Equal((4242u, 0u, (string?)null, (string?)null), (account.Uid, account.Gid, account.Name, account.Home));
        Assert.Empty(account.Groups);
    }

    [Fact]
    public void A_group_that_is_named_is_the_only_one()
    {
        Account account = Accounts.Find("ann", "video", Users, Groups);

        Assert.Equal(44u, account.Gid);
        Assert.Empty(account.Groups);
        Assert.Equal(9u, Accounts.Find("ann", "9", Users, Groups).Gid);
    }

    [Fact]
    public void A_user_whose_name_is_a_number_goes_before_the_number() =>
        Assert.Equal(7u, Accounts.Find("1001", null, Users, Groups).Uid);

    [Theory]
    [InlineData("nobody-here", null)]
    [InlineData("", null)]
    [InlineData("4294967295", null)]
    [InlineData("-1", null)]
    [InlineData("ann", "nogroup-here")]
    [InlineData("ann", "")]
    public void What_is_not_known_is_refused_and_named(string user, string? group)
    {
        UsageException e = Assert.Throws<UsageException>(() => Accounts.Find(user, group, Users, Groups));

        Assert.Contains($"'{group ?? user}'", e.Message, StringComparison.Ordinal);
    }
}
