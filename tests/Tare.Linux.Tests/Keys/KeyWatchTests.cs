using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using CsCheck;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class KeyWatchTests
{
    [Fact]
    public void What_happens_to_a_key_is_told_where_the_kernel_can() =>
        OwnThread.Run(() =>
        {
            SysResult<KeyWatch> made = KeyWatch.Create();
            Assert.SkipWhen(made.Errno == Errno.ENOPKG, "needs CONFIG_WATCH_QUEUE");
            using KeyWatch watch = made.OrThrow("pipe2");
            Assert.Equal(Errno.EINVAL, KeyWatch.Create(KeyWatch.MostNotifications + 1).Errno);
            Keys.JoinSession().OrThrow("make a session keyring");
            int keyring = Keys.Add("keyring", "watched", [], Keys.SessionKeyring).OrThrow("add a keyring");
            Assert.Equal(Errno.EAGAIN, watch.Read().Errno);
            watch.Begin(keyring, tag: 7).OrThrow("watch");
            Assert.Equal(Errno.EBUSY, watch.Begin(keyring, tag: 7).Errno);

            int key = Keys.Add("user", "name", "secret"u8, keyring).OrThrow("add a key");
            Assert.Equal(
                new KeyNotification(KeyChange.Linked, 7, keyring, key),
                Assert.Single(watch.Read().OrThrow("read"))
            );

            watch.TellOnly(KeyChange.Revoked).OrThrow("filter");
            Keys.SetTimeout(keyring, TimeSpan.FromMinutes(5)).OrThrow("set a timeout");
            Keys.Revoke(keyring).OrThrow("revoke");
            Assert.Equal(KeyChange.Revoked, Assert.Single(watch.Read().OrThrow("read")).Change);
        });

    [Fact]
    public void Notifications_are_taken_apart()
    {
        byte[] bytes =
        [
            .. Record(type: 1, subtype: 2, tag: 9, 0x1234, 0x777),
            .. Record(type: 5, subtype: 0, tag: 1, 1, 2),
            .. Record(type: 1, subtype: 7, tag: 0, -5, 0),
            .. Record(type: 0, subtype: 0, tag: 3, 0x1234, 0),
            .. Record(type: 0, subtype: 1, tag: 0),
            .. Record(type: 1, subtype: 5, tag: 0, 1, 0)[..15],
        ];

        Assert.Equal(
            [
                new(KeyChange.Linked, 9, 0x1234, 0x777),
                new(KeyChange.Changed, 0, -5, 0),
                new(KeyChange.Gone, 3, 0x1234, 0),
                new(KeyChange.Lost, 0, 0, 0),
            ],
            KeyNotification.ParseAll(bytes)
        );
    }

    [Fact]
    public void No_bytes_break_the_parser() =>
        Gen.Byte.Array.Sample(bytes => KeyNotification.ParseAll(bytes).Count <= bytes.Length / 8);

    [Fact]
    public void The_filter_is_as_large_as_the_kernels() => Assert.Equal(52, Unsafe.SizeOf<WatchQueueFilter>());

    private static byte[] Record(uint type, uint subtype, uint tag, params int[] rest)
    {
        byte[] record = new byte[8 + (4 * rest.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(record, type | (subtype << 24));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)record.Length | (tag << 8));
        for (int i = 0; i < rest.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8 + (4 * i)), rest[i]);
        }

        return record;
    }
}
