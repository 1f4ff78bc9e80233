using AotLayers.Formats;

namespace AotLayers;

/// <summary>What is known of a name.</summary>
[Flags]
internal enum NameFlags : byte
{
    None = 0,

    /// <summary>An entry of that name came.</summary>
    Present = 1,

    /// <summary>It is a directory that can have children.</summary>
    Directory = 2,

    /// <summary>It is a symbolic link or another reparse point.</summary>
    ReparsePoint = 4,

    /// <summary>It is hidden by a whiteout.</summary>
    Hidden = 8,

    /// <summary>That it did not come before its children was told.</summary>
    AbsenceTold = 16,
}

/// <summary>
/// The names of a layer, as NTFS compares them, in little memory: a part of a path is kept once, as bytes where it is ASCII. About 25
/// bytes for each name beside its last part.
/// </summary>
internal sealed class NameTree
{
    /// <summary>The layer itself.</summary>
    public const int Root = 0;

    private const int FirstCapacity = 256;
    private const int MaxOnStack = 512;

    private int[] _parents = new int[FirstCapacity];
    private int[] _next = new int[FirstCapacity];
    private int[] _texts = new int[FirstCapacity];

    /// <summary>Units of the part; negative where it is kept as UTF-16.</summary>
    private short[] _lengths = new short[FirstCapacity];
    private NameFlags[] _flags = new NameFlags[FirstCapacity];
    private int[] _buckets = new int[FirstCapacity];
    private byte[] _bytes = new byte[FirstCapacity * 16];
    private int _used;
    private int _count = 1;

    public NameTree()
    {
        _flags[Root] = NameFlags.Present | NameFlags.Directory;
        Array.Fill(_buckets, -1);
    }

    /// <summary>Names, those that only appear as a directory of others included.</summary>
    public int Count => _count - 1;

    public NameFlags this[int node]
    {
        get => _flags[node];
        set => _flags[node] = value;
    }

    /// <summary>The directory that a name is in; of top-level names <see cref="Root"/>.</summary>
    public int ParentOf(int node) => _parents[node];

    /// <summary>Looks a path up.</summary>
    /// <param name="path">Path with backslashes.</param>
    /// <returns>The node; -1 where it is not known.</returns>
    public int Find(ReadOnlySpan<char> path)
    {
        int node = Root;
        foreach (Range part in path.Split('\\'))
        {
            node = FindChild(node, path[part]);
            if (node < 0)
            {
                return -1;
            }
        }

        return node;
    }

    /// <summary>Looks a path up and adds what is missing of it, without flags.</summary>
    /// <param name="path">Path with backslashes.</param>
    /// <param name="sameSpelling">Whether all that was known is spelt the same.</param>
    public int Add(ReadOnlySpan<char> path, out bool sameSpelling)
    {
        int node = Root;
        sameSpelling = true;
        foreach (Range range in path.Split('\\'))
        {
            ReadOnlySpan<char> part = path[range];
            int child = FindChild(node, part);
            if (child < 0)
            {
                child = AddChild(node, part);
            }
            else
            {
                sameSpelling = sameSpelling && IsSpelt(child, part);
            }

            node = child;
        }

        return node;
    }

    /// <summary>The path of a node as it was spelt first.</summary>
    public string PathOf(int node)
    {
        int length = -1;
        for (int at = node; at != Root; at = _parents[at])
        {
            length += Math.Abs((int)_lengths[at]) + 1;
        }

        if (length < 0)
        {
            return "";
        }

        return string.Create(length, (tree: this, node), static (path, state) =>
        {
            int end = path.Length;
            for (int at = state.node; at != Root; at = state.tree._parents[at])
            {
                int size = Math.Abs((int)state.tree._lengths[at]);
                state.tree.ReadText(at, path.Slice(end - size, size));
                end -= size;
                if (end > 0)
                {
                    path[--end] = '\\';
                }
            }
        });
    }

    private bool IsSpelt(int node, ReadOnlySpan<char> part)
    {
        Span<char> known = part.Length <= MaxOnStack ? stackalloc char[part.Length] : new char[part.Length];
        ReadText(node, known);
        return part.SequenceEqual(known);
    }

    private int FindChild(int parent, ReadOnlySpan<char> part)
    {
        if (part.Length > short.MaxValue)
        {
            return -1;
        }

        int node = _buckets[Hash(parent, part) & (_buckets.Length - 1)];
        Span<char> known = part.Length <= MaxOnStack ? stackalloc char[part.Length] : new char[part.Length];
        for (; node >= 0; node = _next[node])
        {
            if (_parents[node] == parent && Math.Abs((int)_lengths[node]) == part.Length)
            {
                ReadText(node, known);
                if (NtfsNameComparer.Equals(part, known))
                {
                    return node;
                }
            }
        }

        return -1;
    }

    private int AddChild(int parent, ReadOnlySpan<char> part)
    {
        if (_count == _parents.Length)
        {
            Grow();
        }

        bool ascii = !part.ContainsAnyExceptInRange('\0', '\u007f');
        int size = ascii ? part.Length : 2 * part.Length;
        if (_used + size > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_used + size, checked(_bytes.Length + (_bytes.Length / 2))));
        }

        for (int i = 0; i < part.Length; i++)
        {
            if (ascii)
            {
                _bytes[_used + i] = (byte)part[i];
            }
            else
            {
                _bytes[_used + (2 * i)] = (byte)part[i];
                _bytes[_used + (2 * i) + 1] = (byte)(part[i] >> 8);
            }
        }

        int node = _count++;
        _parents[node] = parent;
        _texts[node] = _used;
        _lengths[node] = (short)(ascii ? part.Length : -part.Length);
        _used += size;
        Link(node, Hash(parent, part));
        return node;
    }

    private void Link(int node, int hash)
    {
        ref int bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _next[node] = bucket;
        bucket = node;
    }

    private void Grow()
    {
        int capacity = checked(_count + (_count / 2));
        Array.Resize(ref _parents, capacity);
        Array.Resize(ref _next, capacity);
        Array.Resize(ref _texts, capacity);
        Array.Resize(ref _lengths, capacity);
        Array.Resize(ref _flags, capacity);
        if (_count <= _buckets.Length)
        {
            return;
        }

        _buckets = new int[_buckets.Length * 2];
        Array.Fill(_buckets, -1);
        char[] text = new char[short.MaxValue];
        for (int node = 1; node < _count; node++)
        {
            Span<char> part = text.AsSpan(0, Math.Abs((int)_lengths[node]));
            ReadText(node, part);
            Link(node, Hash(_parents[node], part));
        }
    }

    private void ReadText(int node, Span<char> part)
    {
        bool ascii = _lengths[node] >= 0;
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(_texts[node], ascii ? part.Length : 2 * part.Length);
        for (int i = 0; i < part.Length; i++)
        {
            part[i] = (char)(ascii ? bytes[i] : bytes[2 * i] | (bytes[(2 * i) + 1] << 8));
        }
    }

    // Seeded for each process: names cannot be chosen so that all fall into one bucket.
    private static int Hash(int parent, ReadOnlySpan<char> part) =>
        HashCode.Combine(parent, NtfsNameComparer.Instance.GetHashCode(part));
}
