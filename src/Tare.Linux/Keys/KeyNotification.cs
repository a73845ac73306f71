using System.Buffers.Binary;

namespace Tare.Linux;

/// <summary>What happened to a key or keyring that is watched. linux/watch_queue.h.</summary>
public enum KeyChange
{
    /// <summary>It got what it holds; <see cref="KeyNotification.Other"/> is the errno where that failed.</summary>
    Instantiated = 0,

    /// <summary>It holds something else.</summary>
    Updated = 1,

    /// <summary>Another key was linked into the keyring.</summary>
    Linked = 2,

    /// <summary>Another key was taken out of the keyring.</summary>
    Unlinked = 3,

    /// <summary>The keyring was emptied.</summary>
    Cleared = 4,

    /// <summary>It was revoked.</summary>
    Revoked = 5,

    /// <summary>It was invalidated.</summary>
    Invalidated = 6,

    /// <summary>Owner, permissions or timeout are others.</summary>
    Changed = 7,

    /// <summary>It is gone, and is watched no longer; so it is too by <see cref="KeyWatch.End"/>.</summary>
    Gone = 0x100,

    /// <summary>Notifications were lost: the queue was full. Of no key.</summary>
    Lost = 0x101,
}

/// <summary>Something that happened to a watched key.</summary>
/// <param name="Change">What.</param>
/// <param name="Tag">The number that was given when it began to be watched.</param>
/// <param name="Key">The key's serial number; 0 where notifications were lost.</param>
/// <param name="Other">The other key's, of links; an errno, of instantiations; else 0.</param>
public readonly record struct KeyNotification(KeyChange Change, byte Tag, int Key, int Other)
{
    private const int HeaderSize = 8;
    private const int KeySize = 16;
    private const uint MetaType = 0;
    private const uint KeyType = 1;

    /// <summary>
    /// Takes apart what the kernel wrote: structs watch_notification, each with a type, a subtype and its length. What is of no known
    /// type is left out, and what is behind the last whole one.
    /// </summary>
    internal static List<KeyNotification> ParseAll(ReadOnlySpan<byte> bytes)
    {
        List<KeyNotification> all = [];
        while (bytes.Length >= HeaderSize)
        {
            uint kind = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint info = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            int length = (int)(info & 0x7f);
            if (length < HeaderSize || length > bytes.Length)
            {
                break;
            }

            int subtype = (int)(kind >> 24);
            byte tag = (byte)(info >> 8);
            int key = length < KeySize ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
            int other = length < KeySize ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
            if ((kind & 0xffffff) == KeyType && length >= KeySize)
            {
                all.Add(new((KeyChange)subtype, tag, key, other));
            }
            else if ((kind & 0xffffff) == MetaType && subtype <= 1)
            {
                // Of a removal a number of 64 bits follows, of which a key's has the lower half.
                all.Add(new(subtype == 0 ? KeyChange.Gone : KeyChange.Lost, tag, key, 0));
            }

            bytes = bytes[length..];
        }

        return all;
    }
}
