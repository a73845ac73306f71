using System.Runtime.InteropServices;
using CsCheck;
using Tare.Fixtures;
using Tare.Linux.Abi;

namespace Tare.Linux.Tests;

public class EventsTests
{
    [Fact]
    public void A_counter_is_added_to_and_taken()
    {
        using EventFd counter = EventFds.Create(2, EventFdFlags.EFD_NONBLOCK).OrThrow("eventfd2");
        EventFds.Add(counter, 40).OrThrow("write");
        Assert.Equal(42ul, EventFds.Take(counter).OrThrow("read"));
        Assert.Equal(Errno.EAGAIN, EventFds.Take(counter).Errno);
    }

    [Fact]
    public void Poll_tells_what_is_ready_and_when_nothing_is()
    {
        using EventFd counter = EventFds.Create().OrThrow("eventfd2");
        Assert.Equal(PollEvents.None, Poll.Wait(counter, timeout: TimeSpan.Zero).OrThrow("poll"));
        EventFds.Add(counter).OrThrow("write");
        Assert.Equal(PollEvents.POLLIN, Poll.Wait(counter).OrThrow("poll"));
        Assert.Equal(
            PollEvents.POLLOUT,
            Poll.Wait(counter, PollEvents.POLLOUT, TimeSpan.FromMinutes(1)).OrThrow("poll")
        );
    }

    [Fact]
    public void Epoll_gives_the_tokens_of_what_is_ready()
    {
        using EpollFd set = Epoll.Create().OrThrow("epoll_create1");
        using EventFd first = EventFds.Create().OrThrow("eventfd2");
        using EventFd second = EventFds.Create().OrThrow("eventfd2");
        const ulong token = 0xfedc_ba98_7654_3210;
        Epoll.Add(set, first, EpollEvents.EPOLLIN, 1).OrThrow("epoll_ctl");
        Epoll.Add(set, second, EpollEvents.EPOLLIN, token).OrThrow("epoll_ctl");
        Assert.Equal(Errno.EEXIST, Epoll.Add(set, first, EpollEvents.EPOLLIN, 1).Errno);
        EpollReady[] ready = new EpollReady[100];
        Assert.Equal(0, Epoll.Wait(set, ready, TimeSpan.Zero).OrThrow("epoll_pwait"));
        EventFds.Add(second).OrThrow("write");
        Assert.Equal(1, Epoll.Wait(set, ready).OrThrow("epoll_pwait"));
        Assert.Equal(new EpollReady(EpollEvents.EPOLLIN, token), ready[0]);
        EventFds.Add(first).OrThrow("write");
        Assert.Equal(2, Epoll.Wait(set, ready).OrThrow("epoll_pwait"));
        Epoll.Modify(set, first, EpollEvents.EPOLLOUT, 7).OrThrow("epoll_ctl");
        Epoll.Remove(set, second).OrThrow("epoll_ctl");
        Assert.Equal(1, Epoll.Wait(set, ready).OrThrow("epoll_pwait"));
        Assert.Equal(new EpollReady(EpollEvents.EPOLLOUT, 7), ready[0]);
    }

    [Fact]
    public void A_futex_sleeps_only_while_the_word_is_as_expected()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(4096).OrThrow("mmap")!;
        Assert.Equal(Errno.EAGAIN, Futexes.Wait(memory.Address, expected: 1).Errno);
        Assert.Equal(Errno.ETIMEDOUT, Futexes.Wait(memory.Address, expected: 0, TimeSpan.Zero).Errno);
        Assert.Equal(0, Futexes.Wake(memory.Address).OrThrow("futex"));
        Assert.Equal(Errno.EINVAL, Futexes.Wait(memory.Address + 1, expected: 0).Errno);
    }

    [Fact]
    public void A_futex_wakes_who_sleeps_on_it()
    {
        using AnonymousMemory memory = AnonymousMemory.Map(4096).OrThrow("mmap")!;
        Thread sleeper = new(() =>
        {
            while (MemoryMarshal.Read<uint>(memory.Span) == 0)
            {
                Futexes.Wait(memory.Address, expected: 0, shared: true);
            }
        });
        sleeper.Start();
        memory.Span[0] = 1;
        Futexes.Wake(memory.Address, shared: true).OrThrow("futex");
        sleeper.Join();
        Assert.Equal(Errno.EAGAIN, Futexes.Wait(memory.Address, expected: 0, shared: true).Errno);
    }

    [Fact]
    public void Changes_in_a_directory_are_told()
    {
        using TemporaryDirectory temporary = new();
        using FileFd set = Inotify.Create(nonBlocking: true).OrThrow("inotify_init1");
        int watch = Inotify
            .AddWatch(set, temporary.Path, InotifyFlags.IN_CREATE | InotifyFlags.IN_DELETE)
            .OrThrow("inotify_add_watch");
        Assert.Equal(Errno.EAGAIN, Inotify.Read(set).Errno);
        File.Delete(temporary.Write("some-file", "x"));
        Assert.Equal(
            [
                new InotifyEvent(watch, InotifyFlags.IN_CREATE, "some-file"),
                new InotifyEvent(watch, InotifyFlags.IN_DELETE, "some-file"),
            ],
            Inotify.Read(set).OrThrow("read")
        );
    }

    [Fact]
    public void Inotify_stops_at_what_is_no_event() =>
        Check.Sample(
            Gen.Byte.Array,
            bytes =>
            {
                List<InotifyEvent> events = [];
                Inotify.Parse(bytes, events);
                return events.Count <= bytes.Length / 16;
            }
        );

    [Fact]
    public void A_directory_listing_stops_at_what_is_no_entry() =>
        Check.Sample(
            Gen.Byte.Array,
            bytes =>
            {
                List<DirectoryEntry> entries = [];
                DirectoryEntries.Parse(bytes, entries);
                return entries.Count <= bytes.Length / 20;
            }
        );

    [Fact]
    public void A_closed_peer_wakes_who_waits()
    {
        using PipePair pipe = Pipes.Create().OrThrow("pipe2");
        pipe.WriteEnd.Dispose();
        Assert.Equal(PollEvents.POLLHUP, Poll.Wait(pipe.ReadEnd).OrThrow("poll"));
        Assert.Throws<ObjectDisposedException>(() => Poll.Wait(pipe.WriteEnd));
        Assert.Equal(0, Files.Read(pipe.ReadEnd, new byte[1]).OrThrow("read"));
    }
}
