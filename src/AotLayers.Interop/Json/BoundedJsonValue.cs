using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// A value of a <see cref="BoundedJson"/>. What is not of the form that is asked for is a <see cref="BoundedJsonException"/> that names
/// the place.
/// </summary>
public readonly partial struct BoundedJsonValue
{
    /// <summary>Member that holds UTF-16 which JSON cannot carry: four hexadecimal digits for each unit, as in recordings.</summary>
    public const string UnitsMember = "$u16";

    private readonly BoundedJson _json;
    private readonly int _index;

    internal BoundedJsonValue(BoundedJson json, int index) => (_json, _index) = (json, index);

    /// <summary>What the value is.</summary>
    public JsonValueKind Kind => _json is null ? JsonValueKind.Undefined : _json[_index].Type switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };

    /// <summary>The error for this value: source, place, problem.</summary>
    public BoundedJsonException Error(string problem) => new($"{_json.Source}: {_json.PathOf(_index)}: {problem}");

    /// <summary>
    /// Checks that this is an object with no other members than the known ones, each at most once: a misspelled one must not be ignored.
    /// </summary>
    /// <param name="known">At most 64 names.</param>
    public BoundedJsonValue Object(params ReadOnlySpan<string> known)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(known.Length, 64, nameof(known));
        Expect(JsonValueKind.Object, "an object");
        ulong seen = 0;
        for (int name = _index + 1; name < _json[_index].Next; name = _json[name + 1].Next)
        {
            int found = 0;
            while (found < known.Length && !_json.Is(name, known[found]))
            {
                found++;
            }

            if (found == known.Length)
            {
                throw Error($"unknown member '{_json.Shown(name)}'; known are {string.Join(", ", known.ToArray())}");
            }

            if ((seen & (1UL << found)) != 0)
            {
                throw Error($"member '{known[found]}' appears twice");
            }

            seen |= 1UL << found;
        }

        return this;
    }

    /// <summary>A member; null when it is absent or null.</summary>
    public BoundedJsonValue? Member(string name)
    {
        Expect(JsonValueKind.Object, "an object");
        for (int at = _index + 1; at < _json[_index].Next; at = _json[at + 1].Next)
        {
            if (_json.Is(at, name))
            {
                return _json[at + 1].Type == JsonTokenType.Null ? null : new BoundedJsonValue(_json, at + 1);
            }
        }

        return null;
    }

    /// <summary>A member that must be there.</summary>
    public BoundedJsonValue Required(string name) => Member(name) ?? throw Error($"member '{name}' is missing");

    /// <summary>Names of an object's members, in order; one that is there twice comes twice.</summary>
    public IReadOnlyList<string> Names()
    {
        Expect(JsonValueKind.Object, "an object");
        List<string> names = [];
        for (int name = _index + 1; name < _json[_index].Next; name = _json[name + 1].Next)
        {
            names.Add(new BoundedJsonValue(_json, name).Decoded());
        }

        return names;
    }

    /// <summary>Elements of an array.</summary>
    public IEnumerable<BoundedJsonValue> Items()
    {
        Expect(JsonValueKind.Array, "an array");
        return Enumerate(_json, _index);
    }

    /// <summary>A string, or <c>{"$u16":"..."}</c>: a text whose surrogates do not come in pairs.</summary>
    public string Text()
    {
        if (Kind == JsonValueKind.Object)
        {
            BoundedJsonValue units = Object(UnitsMember).Required(UnitsMember);
            return Utf16Text.FromHex(units.Text()) ?? throw units.Error("not four hexadecimal digits for each UTF-16 unit");
        }

        Expect(JsonValueKind.String, "a string");
        return Decoded();
    }

    /// <summary>True or false.</summary>
    public bool Bool() => Kind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"expected true or false, found {Describe()}"),
    };

    /// <summary>An integer: a JSON number, or a string with a decimal or <c>0x</c> number.</summary>
    public long Int64(long minimum = long.MinValue, long maximum = long.MaxValue)
    {
        long value = 0;
        ReadOnlySpan<byte> raw = _json.Raw(_index);
        bool ok = Kind switch
        {
            JsonValueKind.Number => long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            JsonValueKind.String => raw.StartsWith("0x"u8) || raw.StartsWith("0X"u8)
                ? long.TryParse(raw[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
                : long.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
        return ok && value >= minimum && value <= maximum ? value
            : throw Error(string.Create(
                CultureInfo.InvariantCulture,
                $"expected an integer from {minimum} to {maximum}, found {Describe()}"));
    }

    /// <summary>A JSON number that is a 32-bit integer.</summary>
    public bool TryInt32(out int value)
    {
        bool ok = TryNumber(out long number) && number == (int)number;
        value = ok ? (int)number : 0;
        return ok;
    }

    /// <summary>A JSON number that is a 64-bit integer.</summary>
    public bool TryInt64(out long value) => TryNumber(out value);

    /// <summary>An unsigned 32-bit integer, as <see cref="Int64"/> reads it.</summary>
    public uint UInt32() => (uint)Int64(0, uint.MaxValue);

    /// <summary>Bytes in base64.</summary>
    public byte[] Base64()
    {
        try
        {
            return Convert.FromBase64String(Text());
        }
        catch (FormatException e) when (e is not BoundedJsonException)
        {
            throw Error("not valid base64");
        }
    }

    private static IEnumerable<BoundedJsonValue> Enumerate(BoundedJson json, int array)
    {
        for (int at = array + 1; at < json[array].Next; at = json[at].Next)
        {
            yield return new BoundedJsonValue(json, at);
        }
    }

    private void Expect(JsonValueKind kind, string what)
    {
        if (Kind != kind)
        {
            throw Error($"expected {what}, found {Describe()}");
        }
    }

    // A text or a name.
    private string Decoded()
    {
        try
        {
            return _json.Decode(_index);
        }
        catch (InvalidOperationException)
        {
            string problem = $"text that is not valid UTF-8 or holds half of a surrogate pair; write {{\"{UnitsMember}\":\"hexadecimal\"}} "
                + $"for such a text";
            throw new BoundedJsonException(Error(problem).Message) { Position = _json[_index].Start + _json[_index].Length + 1 };
        }
    }

    private string Describe()
    {
        string raw = Encoding.UTF8.GetString(_json.Quoted(_index));
        return raw.Length <= 40 ? raw : raw[..40] + "...";
    }
}
