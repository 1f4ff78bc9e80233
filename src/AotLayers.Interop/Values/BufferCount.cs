namespace AotLayers.Interop;

/// <summary>How many elements of a buffer a callee wrote, from what it tells. What it did not write must not reach a recording.</summary>
public static class BufferCount
{
    /// <summary>From a count.</summary>
    /// <param name="count">What the callee tells; below zero it is an error code.</param>
    /// <param name="capacity">Elements of the buffer.</param>
    /// <param name="unit">Bytes of an element where the count is in bytes, otherwise 1.</param>
    /// <param name="nulFollows">A NUL was written behind the counted elements.</param>
    /// <param name="truncates">A count beyond the room means that the room was filled.</param>
    public static int Written(long count, int capacity, int unit = 1, bool nulFollows = false, bool truncates = false)
    {
        if (count < 0)
        {
            return 0;
        }

        // A text of bytes can end in the middle of an element.
        long elements = count / unit + (count % unit == 0 ? 0 : 1);
        if (elements > capacity)
        {
            return truncates ? capacity : 0;
        }

        return nulFollows && elements < capacity ? (int)elements + 1 : (int)elements;
    }

    /// <summary>Up to the first NUL, which is counted; everything when there is none.</summary>
    public static int UntilNul<T>(ReadOnlySpan<T> buffer)
        where T : unmanaged, IEquatable<T>
    {
        int end = buffer.IndexOf(default(T));
        return end < 0 ? buffer.Length : end + 1;
    }

    /// <summary>Checks that a length which goes into a call is that of its buffer.</summary>
    /// <param name="length">The length argument.</param>
    /// <param name="buffer">Elements of the buffer.</param>
    /// <param name="unit">Bytes of an element where the length is in bytes, otherwise 1.</param>
    /// <param name="atMost">The length may be shorter.</param>
    /// <param name="parameter">Name of the length parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException">The callee would run past the buffer, or a recording would not say what was
    /// passed.</exception>
    public static void CheckLength(ulong length, int buffer, int unit, bool atMost, string parameter)
    {
        ulong room = (ulong)buffer * (uint)unit;
        if (atMost)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, room, parameter);
        }
        else
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(length, room, parameter);
        }
    }
}
