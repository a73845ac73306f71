using CsCheck;
using Tare.Runtime.DBus;
using Tare.Runtime.Systemd;
using Tare.Runtime.Tests.DBus;

namespace Tare.Runtime.Tests.Systemd;

/// <summary>What is made of systemd's answers, in whatever order they come.</summary>
public sealed class SystemdConnectionTests
{
    private const string Job = "/org/freedesktop/systemd1/job/7";

    [Fact]
    public void A_unit_has_begun_when_its_own_job_has_ended()
    {
        List<string> called = [];
        using FakeBus bus = new(call =>
        {
            called.Add(call.Member!);
            return [Answer(call), FakeBus.JobRemoved("/other", "failed"), FakeBus.JobRemoved(Job, "done")];
        });
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        systemd.Start("a.scope", []);

        Assert.Equal(["StartTransientUnit"], called);
    }

    [Fact]
    public void An_end_that_is_told_before_the_answer_is_not_missed()
    {
        using FakeBus bus = new(call => [FakeBus.JobRemoved(Job, "done"), Answer(call)]);
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        systemd.Start("a.scope", []);
    }

    [Fact]
    public void Messages_may_come_in_any_pieces()
    {
        using FakeBus bus = new(call =>
            (
                (byte[])[.. FakeBus.JobRemoved("/other", "done"), .. Answer(call), .. FakeBus.JobRemoved(Job, "done")]
            ).Chunk(7)
        );
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        systemd.Start("a.scope", []);
    }

    [Fact]
    public void A_job_that_does_not_end_well_is_an_error_with_its_result()
    {
        using FakeBus bus = new(call => [Answer(call), FakeBus.JobRemoved(Job, "timeout")]);
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        Assert.Equal(
            "start unit 'a.scope': systemd says 'timeout' (see: journalctl -u 'a.scope')",
            Assert.Throws<ContainerException>(() => systemd.Start("a.scope", [])).Message
        );
    }

    [Fact]
    public void A_unit_of_the_name_that_has_failed_is_forgotten_and_it_is_tried_once_more()
    {
        List<string> called = [];
        using FakeBus bus = new(call =>
        {
            called.Add(call.Member!);
            return call.Member == "ResetFailedUnit" ? [FakeBus.Return(call, "", _ => { })]
                : called.Count == 1 ? [FakeBus.Error(call, "org.freedesktop.systemd1.UnitExists", "it exists")]
                : [Answer(call), FakeBus.JobRemoved(Job, "done")];
        });
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        systemd.Start("a.scope", []);

        Assert.Equal(["StartTransientUnit", "ResetFailedUnit", "StartTransientUnit"], called);
    }

    [Fact]
    public void A_unit_of_the_name_that_lives_is_an_error()
    {
        using FakeBus bus = new(call =>
            [FakeBus.Error(call, "org.freedesktop.systemd1.UnitExists", "Unit a.scope was already\nloaded.")]
        );
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        DBusException refused = Assert.Throws<DBusException>(() => systemd.Start("a.scope", []));

        Assert.DoesNotContain(refused.Message, char.IsControl);
    }

    [Theory]
    [InlineData("active", true)]
    [InlineData("deactivating", true)]
    [InlineData("failed", false)]
    [InlineData("inactive", false)]
    public void A_unit_lives_until_it_has_ended(string state, bool alive)
    {
        using FakeBus bus = new(call =>
            [
                call.Member == "GetUnit"
                    ? FakeBus.Return(call, "o", writer => writer.WriteString("/unit"))
                    : FakeBus.Return(call, "v", DBusVariant.Of(call.Path == "/unit" ? state : "").Write),
            ]
        );
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        Assert.Equal(alive, systemd.IsAlive("a.scope"));
    }

    [Fact]
    public void A_unit_that_is_gone_has_been_stopped()
    {
        List<string> called = [];
        using FakeBus bus = new(call =>
        {
            called.Add(call.Member!);
            return [FakeBus.Error(call, "org.freedesktop.systemd1.NoSuchUnit", "Unit a.scope not loaded.")];
        });
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        systemd.Stop("a.scope");

        Assert.Equal(["StopUnit"], called);
    }

    [Theory]
    [InlineData("252.39-1~deb12u1", 252)]
    [InlineData("v257", 257)]
    [InlineData("259~rc1", 259)]
    [InlineData("unknown", 0)]
    public void The_version_is_the_number_at_its_beginning(string text, int version)
    {
        using FakeBus bus = new(call => [FakeBus.Return(call, "v", DBusVariant.Of(text).Write)]);
        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);

        Assert.Equal(version, systemd.ReadVersion());
    }

    [Theory]
    [InlineData("REJECTED EXTERNAL\r\n", "EACCES")]
    [InlineData("DATA\r\nREJECTED EXTERNAL\r\n", "EACCES")]
    [InlineData("HTTP/1.0 400 Bad Request\r\n", "EACCES")]
    public void Who_is_not_taken_in_is_told(string welcome, string errno)
    {
        using FakeBus bus = new(_ => [], welcome);

        Assert.Contains(
            errno,
            Assert.Throws<DBusException>(() => SystemdConnection.Open(bus.Address, hasBus: false)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_greeting_without_an_end_is_no_bus()
    {
        using FakeBus bus = new(_ => [], new string('x', 5000));

        Assert.Contains(
            "it is no bus",
            Assert.Throws<DBusException>(() => SystemdConnection.Open(bus.Address, hasBus: false)).Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>Whatever answers: a unit has begun, or there is an error of one line.</summary>
    [Fact]
    public void Answers_that_chance_has_damaged_end_it_or_do_nothing() =>
        Gen.Select(Gen.Select(Gen.UInt, Gen.Byte).Array[0, 3], Gen.Int[0, 12])
            .Sample(
                (hits, cut) =>
                {
                    using FakeBus bus = new(call =>
                    {
                        byte[] answer = [.. Answer(call), .. FakeBus.JobRemoved(Job, "done")];
                        foreach ((uint place, byte value) in hits)
                        {
                            answer[place % answer.Length] = value;
                        }

                        return [answer[..^cut], []];
                    });
                    try
                    {
                        using SystemdConnection systemd = SystemdConnection.Open(bus.Address, hasBus: false);
                        systemd.Start("a.scope", []);
                    }
                    catch (Exception e) when (e is DBusException or ContainerException)
                    {
                        Assert.DoesNotContain(e.Message, char.IsControl);
                    }
                },
                iter: Chance.Iterations(300),
                time: Chance.Seconds
            );

    private static byte[] Answer(DBusMessage call) => FakeBus.Return(call, "o", writer => writer.WriteString(Job));
}
