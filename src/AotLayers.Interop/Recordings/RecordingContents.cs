using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// The contents that a recording's buffers share, by SHA-256. They stay in the base64 of the call that has them until they are asked for.
/// </summary>
internal sealed class RecordingContents
{
    private readonly Dictionary<ContentHash, Content> _data = [];

    // Of the content that is checked.
    private byte[] _checked = [];

    /// <summary>Bytes of all contents together.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>The contents of the arguments that were added since this was cleared.</summary>
    public List<BoundedJsonValue> Added { get; } = [];

    /// <summary>Takes in the contents of a call's arguments and checks lengths and hashes.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Add(BoundedJsonValue value)
    {
        if (value.Kind == JsonValueKind.Object && ValueForms.Length(value) is >= 0 and var length
            && value.Find("sha256"u8) is { Exists: true } sha)
        {
            return AddBuffer(value, length, sha);
        }

        foreach (BoundedJsonValue item in value.Elements)
        {
            if (Add(item) is string wrong)
            {
                return wrong;
            }
        }

        foreach (BoundedJsonValue.JsonMember member in value.Members)
        {
            if (Add(member.Value) is string wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>All contents were added.</summary>
    public void Close() => _checked = [];

    /// <summary>The content of a buffer, or null.</summary>
    public byte[]? Get(JsonElement buffer)
    {
        if (ValueForms.Length(buffer) == 0)
        {
            return [];
        }

        return buffer.ValueKind == JsonValueKind.Object
            && buffer.TryGetProperty("sha256"u8, out JsonElement sha)
            && sha.ValueKind == JsonValueKind.String
            && ContentHash.TryParse(Encoding.UTF8.GetBytes(sha.GetString()!), out ContentHash hash)
            ? Get(hash)
            : null;
    }

    /// <summary>The content of a buffer, or null.</summary>
    public byte[]? Get(BoundedJsonValue buffer) =>
        ValueForms.Length(buffer) == 0 ? [] : TryFind(buffer, out ContentHash hash) ? Get(hash) : null;

    /// <summary>Finds the content of a buffer that is not empty.</summary>
    /// <returns>False when the recording does not hold it.</returns>
    public bool TryFind(BoundedJsonValue buffer, out ContentHash hash)
    {
        hash = default;
        return buffer.Find("sha256"u8) is { Kind: JsonValueKind.String } sha
            && ContentHash.TryParse(sha.Raw, out hash)
            && _data.ContainsKey(hash);
    }

    /// <summary>Puts a content that was found into memory of at least its length.</summary>
    public void Copy(in ContentHash hash, Span<byte> destination) =>
        Base64.DecodeFromUtf8(_data[hash].Base64.Span, destination, out _, out _);

    private byte[]? Get(in ContentHash hash)
    {
        if (!_data.TryGetValue(hash, out Content content))
        {
            return null;
        }

        byte[] bytes = new byte[content.Length];
        Copy(hash, bytes);
        return bytes;
    }

    private string? AddBuffer(BoundedJsonValue buffer, long length, BoundedJsonValue sha)
    {
        if (sha.Kind != JsonValueKind.String || !ContentHash.TryParse(sha.Raw, out ContentHash hash))
        {
            return "sha256 is not 64 lower-case hexadecimal digits";
        }

        BoundedJsonValue data = buffer.Find("data"u8);
        if (!data.Exists)
        {
            return null;
        }

        if (data.Kind != JsonValueKind.String)
        {
            return "data is not base64";
        }

        Added.Add(data);

        // Writers other than the recorder may write the plus sign as an escape.
        ReadOnlyMemory<byte> base64 = data.IsEscaped ? Encoding.UTF8.GetBytes(data.TextOrNull()!) : data.RawMemory;
        int most = Base64.GetMaxDecodedFromUtf8Length(base64.Length);
        if (_checked.Length < most)
        {
            _checked = new byte[Math.Max(most, 2 * _checked.Length)];
        }

        if (Base64.DecodeFromUtf8(base64.Span, _checked, out int read, out int written) != OperationStatus.Done || read != base64.Length)
        {
            return "data is not base64";
        }

        if (written != length)
        {
            return $"data holds {written} bytes, but $bytes says {length}";
        }

        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_checked.AsSpan(0, written), actual);
        if (new ContentHash(actual) != hash)
        {
            return "data does not have the stated sha256: the recording was damaged or edited";
        }

        if (_data.TryAdd(hash, new Content(base64, written)))
        {
            TotalBytes += length;
        }

        return null;
    }

    private readonly struct Content(ReadOnlyMemory<byte> base64, int length)
    {
        public ReadOnlyMemory<byte> Base64 { get; } = base64;

        public int Length { get; } = length;
    }
}
