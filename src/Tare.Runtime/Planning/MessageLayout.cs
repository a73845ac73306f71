namespace Tare.Runtime.Planning;

/// <summary>Where the pointers of a struct msghdr lie, in bytes. linux/socket.h on 64-bit machines.</summary>
internal static class MessageLayout
{
    /// <summary>msg_iov.</summary>
    public const int Vectors = 16;

    /// <summary>msg_control.</summary>
    public const int Control = 32;

    /// <summary>The size of a struct cmsghdr.</summary>
    public const int ControlHeaderSize = 16;
}
