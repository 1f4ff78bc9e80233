using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// The contents that a recording's buffers share, by SHA-256. They stay in the base64 of the call that has them until they are asked for.
/// </summary>
internal sealed class RecordingContents
{
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    private readonly Dictionary<ContentHash, JsonElement> _data = [];

    /// <summary>Bytes of all contents together.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Takes in the contents of a call's arguments and checks lengths and hashes.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Add(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    if (Add(item) is string wrong)
                    {
                        return wrong;
                    }
                }

                return null;
            case JsonValueKind.Object when ValueForms.Length(element) >= 0 && element.TryGetProperty("sha256"u8, out JsonElement sha):
                return AddBuffer(element, sha);
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (Add(property.Value) is string wrong)
                    {
                        return wrong;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    /// <summary>The content of a buffer, or null.</summary>
    public byte[]? Get(JsonElement buffer)
    {
        if (ValueForms.Length(buffer) == 0)
        {
            return [];
        }

        return buffer.ValueKind == JsonValueKind.Object
            && buffer.TryGetProperty("sha256"u8, out JsonElement sha)
            && TryParseHash(sha, out ContentHash hash)
            && _data.TryGetValue(hash, out JsonElement data)
            ? data.GetBytesFromBase64()
            : null;
    }

    private static bool TryParseHash(JsonElement sha, out ContentHash hash)
    {
        hash = default;
        if (sha.ValueKind != JsonValueKind.String
            || sha.GetString() is not { Length: 64 } hex
            || hex.AsSpan().ContainsAnyExcept(s_hexDigits))
        {
            return false;
        }

        hash = new ContentHash(Convert.FromHexString(hex));
        return true;
    }

    private string? AddBuffer(JsonElement buffer, JsonElement sha)
    {
        if (!TryParseHash(sha, out ContentHash hash))
        {
            return "sha256 is not 64 lower-case hexadecimal digits";
        }

        long length = ValueForms.Length(buffer);
        if (!buffer.TryGetProperty("data"u8, out JsonElement data))
        {
            return null;
        }

        if (data.ValueKind != JsonValueKind.String || !data.TryGetBytesFromBase64(out byte[]? content))
        {
            return "data is not base64";
        }

        if (content.Length != length)
        {
            return $"data holds {content.Length} bytes, but $bytes says {length}";
        }

        if (new ContentHash(SHA256.HashData(content)) != hash)
        {
            return "data does not have the stated sha256: the recording was damaged or edited";
        }

        if (_data.TryAdd(hash, data))
        {
            TotalBytes += length;
        }

        return null;
    }
}
