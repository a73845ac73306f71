using Tare.Runtime.DBus;

namespace Tare.Runtime.Tests.DBus;

public sealed class BusAddressTests
{
    [Theory]
    [InlineData("unix:path=/run/user/1000/bus", "/run/user/1000/bus")]
    [InlineData("unix:path=/run/bus,guid=0123", "/run/bus")]
    [InlineData("unix:abstract=/tmp/dbus-x,guid=1;unix:path=/b", "@/tmp/dbus-x", "/b")]
    [InlineData("unix:path=/a%20b%2c", "/a b,")]
    [InlineData("tcp:host=localhost,port=1;unix:path=/c", "/c")]
    [InlineData("unix:tmpdir=/tmp")]
    [InlineData("unix:path=%0")]
    [InlineData("unix:path=/a%00b")]
    [InlineData("unix:path=")]
    [InlineData("unix:path")]
    [InlineData("")]
    public void Only_sockets_of_this_machine_are_taken(string list, params string[] names) =>
        Assert.Equal(names, BusAddress.Parse(list).Select(address => address.ToString()));
}
