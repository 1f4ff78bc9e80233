using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AotLayers.Interop;

/// <content>
/// Values of the toolkit's own texts, where what is not of the form that is asked for is no error: an answer of false or of nothing, and
/// no memory.
/// </content>
public readonly partial struct BoundedJsonValue
{
    /// <summary>Whether there is a value.</summary>
    internal bool Exists => _json is not null;

    /// <summary>The value's JSON.</summary>
    internal ReadOnlySpan<byte> Utf8 => _json.Quoted(_index);

    /// <summary>The value's JSON, to be kept.</summary>
    internal ReadOnlyMemory<byte> Utf8Memory => _json.QuotedMemory(_index);

    /// <summary>A text as it stands between its quotes, with its escapes.</summary>
    internal ReadOnlySpan<byte> Raw => _json.Raw(_index);

    /// <inheritdoc cref="Raw"/>
    internal ReadOnlyMemory<byte> RawMemory => _json.RawMemory(_index);

    /// <summary>Whether a text has escapes.</summary>
    internal bool IsEscaped => _json[_index].Escaped;

    /// <summary>Number of elements of an array.</summary>
    internal int Count
    {
        get
        {
            int count = 0;
            for (int at = _index + 1; at < _json[_index].Next; at = _json[at].Next)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>Members of an object; none of anything else.</summary>
    internal MemberEnumerator Members => new(_json, Kind == JsonValueKind.Object ? _index : -1);

    /// <summary>Elements of an array; none of anything else.</summary>
    internal ItemEnumerator Elements => new(_json, Kind == JsonValueKind.Array ? _index : -1);

    /// <summary>An element of an array.</summary>
    internal BoundedJsonValue this[int index] => new(_json, _json.ElementAt(_index, index));

    /// <summary>A member, also one that is null; one that is not there does not exist.</summary>
    internal BoundedJsonValue Find(ReadOnlySpan<byte> name)
    {
        foreach (JsonMember member in Members)
        {
            if (member.Is(name))
            {
                return member.Value;
            }
        }

        return default;
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    internal BoundedJsonValue Find(string name)
    {
        foreach (JsonMember member in Members)
        {
            if (member.Is(name))
            {
                return member.Value;
            }
        }

        return default;
    }

    /// <summary>Checks that this is an object of any members.</summary>
    internal BoundedJsonValue RequireObject()
    {
        Expect(JsonValueKind.Object, "an object");
        return this;
    }

    /// <summary>A text, or null when the value is none.</summary>
    internal string? TextOrNull() => Kind == JsonValueKind.String ? _json.Decode(_index) : null;

    /// <summary>A number without fraction and exponent.</summary>
    internal bool TryNumber(out long number)
    {
        number = 0;
        return Kind == JsonValueKind.Number
            && long.TryParse(Raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A number, or the decimal text that stands for one which JSON readers of other languages would round.</summary>
    internal bool TryInteger(out long number)
    {
        number = 0;
        return Kind is JsonValueKind.Number or JsonValueKind.String
            && long.TryParse(Raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    /// <inheritdoc cref="TryInteger(out long)"/>
    internal bool TryInteger(out ulong number)
    {
        number = 0;
        return Kind is JsonValueKind.Number or JsonValueKind.String
            && ulong.TryParse(Raw, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>A floating point number, or the text that stands for one which JSON has not.</summary>
    internal bool TryReal(out double number)
    {
        number = 0;
        return Kind == JsonValueKind.Number ? double.TryParse(Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            : Kind == JsonValueKind.String && RealText.TryParse(TextOrNull(), out number);
    }

    /// <summary>A value that was read in .NET's own way.</summary>
    internal static BoundedJsonValue Of(JsonElement element)
    {
        BoundedJson json = new("a value");
        json.Reread(JsonMarshal.GetRawUtf8Value(element).ToArray());
        return json.Root;
    }

    /// <summary>The value for those who read JSON in .NET's own way.</summary>
    internal JsonElement ToElement()
    {
        using var document = JsonDocument.Parse(Utf8Memory, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        return document.RootElement.Clone();
    }

    /// <summary>A member of an object.</summary>
    internal readonly ref struct JsonMember(BoundedJson json, int name)
    {
        /// <summary>The name, as it stands there.</summary>
        public ReadOnlySpan<byte> RawName => json.Raw(name);

        /// <summary>The name.</summary>
        public string Name => json.Shown(name);

        /// <summary>The value.</summary>
        public BoundedJsonValue Value => new(json, name + 1);

        /// <summary>Whether the name is the given one.</summary>
        public bool Is(ReadOnlySpan<byte> utf8) => json.Is(name, utf8);

        /// <inheritdoc cref="Is(ReadOnlySpan{byte})"/>
        public bool Is(string text) => json.Is(name, text);

        /// <summary>The member of the same name in another object.</summary>
        public BoundedJsonValue FindIn(BoundedJsonValue other) => json[name].Escaped ? other.Find(Name) : other.Find(RawName);
    }

    /// <summary>Enumerates members.</summary>
    internal ref struct MemberEnumerator(BoundedJson json, int value)
    {
        private readonly int _end = value < 0 ? 0 : json[value].Next;
        private int _name = -1;

        public readonly JsonMember Current => new(json, _name);

        public readonly MemberEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            _name = _name < 0 ? value + 1 : json[_name + 1].Next;
            return value >= 0 && _name < _end;
        }
    }

    /// <summary>Enumerates elements.</summary>
    internal ref struct ItemEnumerator(BoundedJson json, int value)
    {
        private readonly int _end = value < 0 ? 0 : json[value].Next;
        private int _item = -1;

        public readonly BoundedJsonValue Current => new(json, _item);

        public readonly ItemEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            _item = _item < 0 ? value + 1 : json[_item].Next;
            return value >= 0 && _item < _end;
        }
    }
}
