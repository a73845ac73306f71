using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests.Netlink;

public sealed class AuditTests
{
    [Fact]
    public void The_audit_says_how_it_is()
    {
        Require.Root();
        using AuditSocket socket = Open(listen: false);

        AuditStatus status = socket.ReadStatus().OrThrow("ask");

        Assert.InRange(status.Enabled, 0u, 2u);
        Assert.InRange(status.Failure, 0u, 2u);
        Assert.True(status.ListenerId == 0 || Directory.Exists($"/proc/{status.ListenerId}"));
    }

    [Fact]
    public void Records_are_read_beside_who_takes_them()
    {
        Require.Root();
        using AuditSocket socket = Open(listen: true);
        SysResult<AuditRecord?> none = socket.TryTake();
        Assert.True(none.Ok || none.Errno == Errno.EAGAIN);
        string text = $"tare-{Guid.NewGuid():N}";
        socket.Write(text).OrThrow("write");
        using AuditSocket other = Open(listen: false);
        Assert.SkipWhen(other.ReadStatus().OrThrow("ask").Enabled == 0, "the audit is off on this machine");

        AuditRecord? found = null;
        while (found is null)
        {
            SysResult<AuditRecord?> taken = socket.TryTake();
            if (taken.Errno == Errno.EAGAIN)
            {
                PollEvents events = Poll.Wait(socket.Descriptor, PollEvents.POLLIN, TimeSpan.FromSeconds(30))
                    .OrThrow("poll");
                Assert.NotEqual(PollEvents.None, events);
                continue;
            }

            AuditRecord record = taken.OrThrow("take")!;
            found = record.Text.Contains(text, StringComparison.Ordinal) ? record : null;
        }

        Assert.Equal((int)NetlinkMessageType.AUDIT_TRUSTED_APP, found.Type);
        Assert.StartsWith("audit(", found.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_is_its_text_and_other_messages_are_none()
    {
        byte[] message = [.. new byte[4], 0x14, 0x05, .. new byte[10], .. "audit(1.2:3): arch=c000003e\0"u8];
        Assert.Equal(new AuditRecord(1300, "audit(1.2:3): arch=c000003e"), AuditSocket.Parse(message));
        message[4] = 2;
        message[5] = 0;
        Assert.Null(AuditSocket.Parse(message));
        Assert.Null(AuditSocket.Parse([]));
    }

    private static AuditSocket Open(bool listen)
    {
        SysResult<AuditSocket?> opened = AuditSocket.Open(listen);
        Assert.SkipWhen(
            opened.Errno is Errno.EPROTONOSUPPORT or Errno.EPERM or Errno.ECONNREFUSED,
            $"there is no audit here: {opened.Errno}"
        );
        return opened.OrThrow("open")!;
    }
}
