using System.Buffers.Binary;
using Tare.Linux.Abi;

namespace Tare.Linux;

/// <summary>What one security module says of a thread.</summary>
/// <param name="Module">The module.</param>
/// <param name="Text">Its context: an AppArmor profile with its mode, an SELinux or Smack label.</param>
public readonly record struct SecurityContext(LsmId Module, string Text);

public static partial class SecurityModules
{
    private const int MostModules = 64;

    /// <summary>The modules that are at work, in the order in which they are asked. ENOSYS: before Linux 6.8. lsm_list_modules(2).</summary>
    public static SysResult<LsmId[]> List()
    {
        LsmId[] modules = new LsmId[MostModules];
        uint size = MostModules * sizeof(ulong);
        nint raw = Interop.lsm_list_modules(modules, ref size);
        return new(raw < 0 ? [] : modules[..(int)raw], Interop.ErrnoOf(raw));
    }

    /// <summary>
    /// An attribute of the calling thread as each module that has it says it; EOPNOTSUPP: none has; ENOSYS: before Linux 6.8.
    /// lsm_get_self_attr(2).
    /// </summary>
    public static SysResult<IReadOnlyList<SecurityContext>> GetOwn(LsmAttribute attribute)
    {
        byte[] contexts = new byte[4096];
        uint size = (uint)contexts.Length;
        nint raw = Interop.lsm_get_self_attr(attribute, contexts, ref size);
        if (Interop.ErrnoOf(raw) == Errno.E2BIG)
        {
            contexts = new byte[size];
            raw = Interop.lsm_get_self_attr(attribute, contexts, ref size);
        }

        return raw < 0
            ? Interop.Failed<IReadOnlyList<SecurityContext>>(raw)
            : new(ParseContexts(contexts.AsSpan(0, (int)size)), Errno.None);
    }

    /// <summary>
    /// Sets an attribute of the calling thread; LSM_ATTR_EXEC is for the next program. EOPNOTSUPP: the module is not there, or
    /// has no such attribute; EINVAL or ENOENT: it knows no such context; ENOSYS: before Linux 6.8. lsm_set_self_attr(2).
    /// </summary>
    public static SysResult SetOwn(LsmAttribute attribute, SecurityContext context) =>
        Interop.Result(
            Interop.lsm_set_self_attr(
                attribute,
                Context(context.Module, System.Text.Encoding.UTF8.GetBytes(context.Text))
            )
        );

    /// <summary>Takes structs lsm_ctx apart. linux/lsm.h.</summary>
    /// <exception cref="FormatException">They are none.</exception>
    public static IReadOnlyList<SecurityContext> ParseContexts(ReadOnlySpan<byte> contexts)
    {
        List<SecurityContext> found = [];
        while (!contexts.IsEmpty)
        {
            ulong length = contexts.Length < HeaderSize ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(contexts[16..]);
            ulong text = length < HeaderSize ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(contexts[24..]);
            if (length < HeaderSize || length > (ulong)contexts.Length || text > length - HeaderSize)
            {
                throw new FormatException("a security context is longer than what is there");
            }

            found.Add(
                new(
                    (LsmId)BinaryPrimitives.ReadUInt64LittleEndian(contexts),
                    ProcText.String(contexts.Slice(HeaderSize, (int)text).TrimEnd("\0\n"u8))
                )
            );
            contexts = contexts[(int)length..];
        }

        return found;
    }
}
