using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// The PAX records of one entry. Keys and values are bytes: layers put names of extended attributes into keys. All records share
/// one buffer that is reused from entry to entry.
/// </summary>
public sealed class PaxRecords
{
    /// <summary>Most bytes of text that the records of one entry may have; readers refuse more.</summary>
    public const int MaxTextSize = 1024 * 1024;

    private byte[] _bytes = new byte[512];
    private int _used;
    private Slot[] _slots = new Slot[12];

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Removes all records.</summary>
    public void Clear()
    {
        Count = 0;
        _used = 0;
    }

    /// <summary>Key of a record.</summary>
    /// <param name="index">0 .. <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> KeyAt(int index) => Key(_slots.AsSpan(0, Count)[index]);

    /// <summary>Value of a record.</summary>
    /// <param name="index">0 .. <see cref="Count"/> - 1.</param>
    public ReadOnlySpan<byte> ValueAt(int index) => Value(_slots.AsSpan(0, Count)[index]);

    /// <summary>Looks a record up.</summary>
    public bool TryGet(scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        int index = IndexOf(key);
        value = index < 0 ? default : Value(_slots[index]);
        return index >= 0;
    }

    /// <summary>Adds a record, or replaces that of the same key.</summary>
    public void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => value.CopyTo(Reserve(key, value.Length));

    /// <summary>Adds a record whose value is a decimal number.</summary>
    public void Set(ReadOnlySpan<byte> key, long value)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, text, out int length);
        Set(key, text[..length]);
    }

    /// <summary>Adds a record whose value is a PAX time.</summary>
    public void SetTime(ReadOnlySpan<byte> key, long nanoseconds)
    {
        Span<byte> text = stackalloc byte[PaxTime.MaxLength];
        Set(key, text[..PaxTime.Format(nanoseconds, text)]);
    }

    /// <summary>Adds a record whose value is padded base64.</summary>
    public void SetBase64(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Span<byte> text = Reserve(key, Base64.GetMaxEncodedToUtf8Length(value.Length));
        Base64.EncodeToUtf8(value, text, out _, out _);
    }

    /// <summary>Removes a record, if there is one of this key.</summary>
    public void Remove(scoped ReadOnlySpan<byte> key)
    {
        int index = IndexOf(key);
        if (index >= 0)
        {
            Count--;
            _slots.AsSpan((index + 1)..(Count + 1)).CopyTo(_slots.AsSpan(index));
        }
    }

    /// <summary>
    /// Whether a record can be written (docs/formats/tar-blocks.md#pax-records): no empty key, no '=' and no NUL in it, no NUL in a name.
    /// </summary>
    /// <param name="index">0 .. <see cref="Count"/> - 1.</param>
    /// <param name="problem">What is wrong, when the result is false.</param>
    public bool IsValid(int index, [NotNullWhen(false)] out string? problem)
    {
        ReadOnlySpan<byte> key = KeyAt(index);
        bool named = key.SequenceEqual("path"u8)
            || key.SequenceEqual("linkpath"u8)
            || key.SequenceEqual("uname"u8)
            || key.SequenceEqual("gname"u8);
        problem = key.IsEmpty ? "PAX record without a key"
            : key.Contains((byte)'=') ? $"PAX key '{Encoding.Latin1.GetString(key)}' contains '='"
            : key.Contains((byte)0) ? "PAX key contains NUL"
            : named && ValueAt(index).Contains((byte)0) ? $"PAX {Encoding.ASCII.GetString(key)} contains NUL"
            : null;
        return problem is null;
    }

    /// <summary>Sorts by key, byte order: upper case first (docs/formats/tar-blocks.md#pax-records).</summary>
    internal void Sort()
    {
        // A handful of records: insertion sort needs no comparer object.
        for (int i = 1; i < Count; i++)
        {
            Slot slot = _slots[i];
            int at = i;
            while (at > 0 && Key(_slots[at - 1]).SequenceCompareTo(Key(slot)) > 0)
            {
                _slots[at] = _slots[at - 1];
                at--;
            }

            _slots[at] = slot;
        }
    }

    /// <summary>Bytes of all records as text.</summary>
    internal int EncodedLength()
    {
        int total = 0;
        for (int i = 0; i < Count; i++)
        {
            total += RecordLength(_slots[i]);
        }

        return total;
    }

    /// <summary>Writes all records as text: <c>length key=value\n</c>, the length counts itself.</summary>
    internal void Encode(Span<byte> destination)
    {
        for (int i = 0; i < Count; i++)
        {
            Slot slot = _slots[i];
            int length = RecordLength(slot);
            Utf8Formatter.TryFormat(length, destination, out int at);
            destination[at++] = (byte)' ';
            Key(slot).CopyTo(destination[at..]);
            at += slot.KeyLength;
            destination[at++] = (byte)'=';
            Value(slot).CopyTo(destination[at..]);
            at += slot.ValueLength;
            destination[at++] = (byte)'\n';
            destination = destination[at..];
        }
    }

    /// <summary>Reads records from their text.</summary>
    /// <param name="text">The data of a PAX header.</param>
    /// <param name="offset">Where the text lies in the archive, for errors.</param>
    /// <exception cref="LayerFormatException">A record is malformed.</exception>
    internal void Parse(ReadOnlySpan<byte> text, long offset)
    {
        int at = 0;
        while (at < text.Length)
        {
            ReadOnlySpan<byte> rest = text[at..];
            int space = rest.IndexOf((byte)' ');
            if (space <= 0
                || !Utf8Parser.TryParse(rest[..space], out int length, out int used)
                || used != space
                || !char.IsAsciiDigit((char)rest[0])
                || length < space + 3
                || length > rest.Length
                || rest[length - 1] != '\n')
            {
                throw Malformed("malformed length", offset + at);
            }

            ReadOnlySpan<byte> record = rest[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0)
            {
                throw Malformed("no key", offset + at);
            }

            if (IsSparseNumber(record[..equals]))
            {
                at += AppendSparseNumber(record[(equals + 1)..])
                    ? length
                    : throw Malformed("numbers of a sparse map are not together", offset + at);
                continue;
            }

            Set(record[..equals], record[(equals + 1)..]);
            if (!IsValid(IndexOf(record[..equals]), out string? problem))
            {
                throw Malformed(problem, offset + at);
            }

            at += length;
        }

        static LayerFormatException Malformed(string problem, long at) =>
            new(string.Create(CultureInfo.InvariantCulture, $"invalid PAX record: {problem}"), offset: at);
    }

    /// <summary>GNU sparse 0.0 repeats two keys per range; both other formats with records have one record for all.</summary>
    private static bool IsSparseNumber(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("GNU.sparse.offset"u8) || key.SequenceEqual("GNU.sparse.numbytes"u8);

    private bool AppendSparseNumber(ReadOnlySpan<byte> number)
    {
        ReadOnlySpan<byte> key = "GNU.sparse.map"u8;
        int index = IndexOf(key);

        if (index < 0)
        {
            Set(key, number);
            return true;
        }

        // Copying the map whenever other records come between its numbers would take quadratic time.
        if (_slots[index].Start + _slots[index].KeyLength + _slots[index].ValueLength != _used)
        {
            return false;
        }

        int needed = _used + 1 + number.Length;
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        _bytes[_used] = (byte)',';
        number.CopyTo(_bytes.AsSpan(_used + 1));
        _used = needed;
        _slots[index] = _slots[index] with { ValueLength = _slots[index].ValueLength + 1 + number.Length };
        return true;
    }

    private int IndexOf(scoped ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < Count; i++)
        {
            if (Key(_slots[i]).SequenceEqual(key))
            {
                return i;
            }
        }

        return -1;
    }

    private Span<byte> Reserve(ReadOnlySpan<byte> key, int valueLength)
    {
        int index = IndexOf(key);
        int needed = checked(_used + key.Length + valueLength);
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        if (index < 0)
        {
            if (Count == _slots.Length)
            {
                Array.Resize(ref _slots, Count * 2);
            }

            index = Count++;
        }

        // A replaced record leaves its old bytes unused until the next Clear.
        _slots[index] = new Slot(_used, key.Length, valueLength);
        key.CopyTo(_bytes.AsSpan(_used));
        _used = needed;
        return _bytes.AsSpan(needed - valueLength, valueLength);
    }

    private ReadOnlySpan<byte> Key(Slot slot) => _bytes.AsSpan(slot.Start, slot.KeyLength);

    private ReadOnlySpan<byte> Value(Slot slot) => _bytes.AsSpan(slot.Start + slot.KeyLength, slot.ValueLength);

    private static int RecordLength(Slot slot)
    {
        int body = slot.KeyLength + slot.ValueLength + 3;
        int length = body + Digits(body);
        return Digits(length) == Digits(body) ? length : body + Digits(length);
    }

    private static int Digits(int value)
    {
        int digits = 1;
        while (value >= 10)
        {
            value /= 10;
            digits++;
        }

        return digits;
    }

    private readonly record struct Slot(int Start, int KeyLength, int ValueLength);
}
