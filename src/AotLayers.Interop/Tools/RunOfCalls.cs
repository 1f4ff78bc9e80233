using System.Security.Cryptography;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Consecutive reads of one stream, taken as one call: how much is asked for at once is no difference between two runs. Or any other call
/// by itself.
/// </summary>
internal sealed class RunOfCalls(RecordedCall first)
{
    private readonly string? _buffer = BufferOf(first);

    /// <summary>The calls, at least one.</summary>
    public List<RecordedCall> Calls { get; } = [first];

    /// <summary>The first call.</summary>
    public RecordedCall First => Calls[0];

    /// <summary>Whether they are reads of a stream.</summary>
    public bool IsStream => _buffer is not null;

    /// <summary>Bytes of all reads together.</summary>
    public long Bytes
    {
        get
        {
            long sum = 0;
            foreach (RecordedCall call in Calls)
            {
                sum += ValueForms.Length(call.Out.GetProperty(_buffer!));
            }

            return sum;
        }
    }

    /// <summary>Takes in the next call if it goes on with the stream.</summary>
    public bool TryAdd(RecordedCall call)
    {
        if (_buffer is null || call.Function != First.Function || call.Api != First.Api || BufferOf(call) != _buffer)
        {
            return false;
        }

        Calls.Add(call);
        return true;
    }

    /// <summary>Digest of all bytes of the reads, or null when a recording does not hold them.</summary>
    public string? Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (RecordedCall call in Calls)
        {
            if (call.Recording.GetData(call.Out.GetProperty(_buffer!)) is not { } data)
            {
                return null;
            }

            hash.AppendData(data);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A read has room for one buffer, and gives that buffer and nothing else.
    private static string? BufferOf(RecordedCall call)
    {
        if (call.IsCallback || !call.Succeeded)
        {
            return null;
        }

        string? name = null;
        foreach (JsonProperty result in call.Out.EnumerateObject())
        {
            if (name is not null || ValueForms.Length(result.Value) < 0)
            {
                return null;
            }

            name = result.Name;
        }

        return name is not null && call.In.TryGetProperty(name, out JsonElement room) && ValueForms.RoomOf(room) >= 0 ? name : null;
    }
}
