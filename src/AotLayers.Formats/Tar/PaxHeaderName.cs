namespace AotLayers.Formats;

/// <summary>
/// Name of the block that carries PAX records: the entry's directory, <c>PaxHeaders.0</c>, its base name; ASCII only, at most 100 bytes,
/// no trailing slash (docs/formats/tar-blocks.md#extended-header-name).
/// </summary>
internal static class PaxHeaderName
{
    /// <summary>Most bytes needed beyond those of the name.</summary>
    public const int Extra = 16;

    /// <summary>Writes the name.</summary>
    /// <param name="name">Name of the entry.</param>
    /// <param name="destination">Room for the name and <see cref="Extra"/> more bytes.</param>
    /// <returns>Number of bytes, at most 100.</returns>
    public static int Write(ReadOnlySpan<byte> name, Span<byte> destination)
    {
        int split = name.LastIndexOf((byte)'/') + 1;
        int at = 0;
        Append(name[..split], destination, ref at);
        Append("PaxHeaders.0/"u8, destination, ref at);
        Append(name[split..], destination, ref at);
        int length = Clean(destination[..at]);
        length = TarBlock.ToAscii(destination[..length], destination);
        return destination[..Math.Min(length, TarBlock.NameSize)].TrimEnd((byte)'/').Length;
    }

    private static void Append(ReadOnlySpan<byte> text, Span<byte> destination, ref int at)
    {
        text.CopyTo(destination[at..]);
        at += text.Length;
    }

    /// <summary>
    /// Lexical clean-up as Go's path.Clean: no empty or <c>.</c> part, <c>..</c> takes the part before it, no trailing slash.
    /// </summary>
    private static int Clean(Span<byte> path)
    {
        bool rooted = path[0] == '/';
        int read = rooted ? 1 : 0;
        int write = read;
        int floor = read;
        while (read < path.Length)
        {
            int end = path[read..].IndexOf((byte)'/');
            end = end < 0 ? path.Length : read + end;
            ReadOnlySpan<byte> part = path[read..end];
            if (part.SequenceEqual(".."u8) && write > floor)
            {
                write = Math.Max(path[..write].LastIndexOf((byte)'/'), floor);
            }
            else if (part.SequenceEqual(".."u8) && rooted)
            {
                // There is nothing above the root.
            }
            else if (!part.IsEmpty && !part.SequenceEqual("."u8))
            {
                bool above = part.SequenceEqual(".."u8);
                if (write > (rooted ? 1 : 0))
                {
                    path[write++] = (byte)'/';
                }

                part.CopyTo(path[write..]);
                write += end - read;
                floor = above ? write : floor;
            }

            read = end + 1;
        }

        return write;
    }
}
