using System.Globalization;

namespace AotLayers.Native;

/// <summary>
/// Sizes of the structs that callers own, in bytes, in the version of the interface that had them first. Never changed: they are compiled
/// into callers.
/// </summary>
internal static class FirstSizes
{
    /// <summary>aotl_entry in version 1.</summary>
    public const uint Entry = 96;

    /// <summary>aotl_summary in version 1.</summary>
    public const uint Summary = 240;

    /// <summary>aotl_verify_summary in version 2.</summary>
    public const uint VerifySummary = 248;

    /// <summary>aotl_metadata in version 2.</summary>
    public const uint Metadata = 120;
}

/// <summary>
/// Structs that callers own and that begin with their size. A caller that was compiled against an older header has a shorter one: what it
/// does not have is not written.
/// </summary>
internal static unsafe class SizedStruct
{
    /// <summary>No struct of this interface comes near it: a greater size is memory that was never set.</summary>
    private const uint Absurd = 4096;

    /// <summary>Checks a caller's struct before any work is done for it.</summary>
    /// <param name="target">The struct; its first field is its size.</param>
    /// <param name="firstSize">Its size in the version of the interface that had it first: one of <see cref="FirstSizes"/>, not what it
    /// has today.</param>
    /// <param name="parameter">The parameter's name in the header.</param>
    /// <param name="type">The struct's name in the header.</param>
    /// <returns>How many bytes of it there are.</returns>
    public static uint Check(void* target, uint firstSize, string parameter, string type)
    {
        NativeCallException.ThrowIfNull(target, parameter);
        uint size = *(uint*)target;
        return size == 0 ? firstSize
            : size >= firstSize && size <= Absurd ? size
            : throw new NativeCallException(
                ResultCodes.InvalidArgument,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{parameter}->struct_size is {size}: set it to sizeof({type}), which is {firstSize} or more"));
    }

    /// <summary>Copies as much of a value as the caller has room for, and tells the caller how much that is.</summary>
    /// <param name="value">The value; its first field is set.</param>
    /// <param name="target">The caller's struct.</param>
    /// <param name="size">What <see cref="Check"/> returned.</param>
    public static void Store<T>(ref T value, T* target, uint size)
        where T : unmanaged
    {
        uint written = Math.Min(size, (uint)sizeof(T));
        fixed (T* source = &value)
        {
            *(uint*)source = written;
            Buffer.MemoryCopy(source, target, size, written);
        }
    }
}
