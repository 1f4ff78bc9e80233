using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AotLayers.App;

/// <summary>
/// The options of a request as a JSON object: <c>options_json</c> of the C interface. Every key is checked: one that is misspelt would
/// otherwise be silently without effect.
/// </summary>
public static class JsonOptions
{
    /// <summary>Keys of what reads a layer from anywhere.</summary>
    public const string SourceKeys = "hcs, parents, reader, api, home, flavour, record, recordData, replayOrder, faults, compression, "
        + "digest, image, layer, merged, unsupported, lossless";

    /// <summary>Keys of what reads a layer from anywhere and writes none.</summary>
    private const string ReadKeys = "hcs, parents, reader, api, home, flavour, record, recordData, replayOrder, faults, image, layer, "
        + "merged";

    /// <summary>Keys of a verification.</summary>
    public const string VerifyKeys = ReadKeys + ", disable, limit, expectDiffId, expectDigest";

    /// <summary>Keys of a conversion.</summary>
    public const string ConvertKeys = ReadKeys + ", target, compression, unsupported, lossless, fromLinux, directorySddl, fileSddl, "
        + "sourceDateEpoch, linkDuplicates";

    /// <summary>Keys of what asks a machine.</summary>
    public const string HcsKeys = "hcs, record, recordData, replayOrder, faults";

    /// <summary>Keys of what does something with a layer of a machine.</summary>
    public const string MachineKeys = HcsKeys + ", parents, home, flavour";

    /// <summary>Keys of the verbs that both libraries have a call for.</summary>
    public const string ApiKeys = MachineKeys + ", api";

    /// <summary>Keys of an import.</summary>
    public const string ImportKeys = MachineKeys + ", writer, expectDiffId, expectDigest";

    private const int MaxDepth = 4;

    /// <summary>Reads the options into a request.</summary>
    /// <param name="request">What is known without them.</param>
    /// <param name="json">The text; null, empty or blank for none.</param>
    /// <param name="keys">The keys that have an effect on what is asked for: one of the lists of this class.</param>
    /// <exception cref="UsageException">No JSON object, an unknown key, or a wrong value; the message names the key.</exception>
    public static LayerRequest Read(LayerRequest request, string? json, string keys = SourceKeys) => Read(request, json, keys, null);

    /// <summary>The same, with keys that are no part of a <see cref="LayerRequest"/>.</summary>
    /// <param name="request">What is known without them.</param>
    /// <param name="json">The text; null, empty or blank for none.</param>
    /// <param name="keys">The keys that have an effect.</param>
    /// <param name="more">Takes the value of a key that it knows; null where there are none.</param>
    internal static LayerRequest Read(LayerRequest request, string? json, string keys, MoreOptions? more)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(keys);
        if (string.IsNullOrWhiteSpace(json))
        {
            return request;
        }

        // Lone surrogates of the text are no JSON; they can be written as escapes, but no path has them on a system that has JSON from
        // elsewhere.
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = MaxDepth });
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new UsageException("options_json is not a JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                if (!seen.Add(key))
                {
                    throw new UsageException($"options_json has '{key}' twice");
                }

                if (!IsOneOf(keys, key))
                {
                    throw new UsageException($"option '{key}' is not known: expected {keys}");
                }

                reader.Read();
                if (more is null || !more(key, ref reader))
                {
                    request = With(request, key, ref reader);
                }
            }

            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"options_json is not JSON at byte {reader.BytesConsumed}"));
        }

        return request;
    }

    private static LayerRequest With(LayerRequest request, string key, ref Utf8JsonReader reader) => key switch
    {
        "hcs" => request with { Hcs = Choice(key, ref reader) },
        "parents" => request with { Parents = Texts(key, ref reader) },
        "reader" => request with { Reader = Word(key, OptionWords.Reader, ref reader) },
        "api" => request with { Api = Word(key, OptionWords.Api, ref reader) },
        "writer" => request with { Writer = Word(key, OptionWords.Writer, ref reader) },
        "home" => request with { Home = Text(key, ref reader) },
        "flavour" => request with
        {
            Flavour = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int flavour)
                ? flavour
                : throw new UsageException($"option '{key}' is not a 32-bit number"),
        },
        "record" => request with { Record = Text(key, ref reader) },
        "recordData" => request with { RecordData = Word(key, OptionWords.RecordData, ref reader) },
        "replayOrder" => request with { ReplayOrder = Word(key, OptionWords.ReplayOrder, ref reader) },
        "compression" => request with { Compression = Word(key, OptionWords.Compression, ref reader) },
        "faults" => request with { Faults = Texts(key, ref reader) },
        "digest" => request with { Digest = Word(key, OptionWords.Digest, ref reader) },
        "image" => request with { Image = Text(key, ref reader) },
        "layer" => request with { ImageLayer = Text(key, ref reader) },
        "merged" => request with { Merged = Flag(key, ref reader) },
        "unsupported" => request with { Unsupported = Word(key, OptionWords.Unsupported, ref reader) },
        "lossless" => request with { Lossless = Flag(key, ref reader) },
        "expectDiffId" => request with { ExpectDiffId = Text(key, ref reader) },
        "expectDigest" => request with { ExpectDigest = Text(key, ref reader) },
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "a key that is listed and not read"),
    };

    /// <summary>Reads the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="reader">At the value.</param>
    /// <returns>Whether the key is known.</returns>
    internal delegate bool MoreOptions(string key, ref Utf8JsonReader reader);

    /// <summary>Reads a truth value.</summary>
    internal static bool Flag(string key, ref Utf8JsonReader reader) => reader.TokenType is JsonTokenType.True or JsonTokenType.False
        ? reader.GetBoolean()
        : throw new UsageException($"option '{key}' is neither true nor false");

    /// <summary>Reads a whole number.</summary>
    internal static long Number(string key, ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number)
            ? number
            : throw new UsageException($"option '{key}' is not a whole number of 64 bits");

    private static bool IsOneOf(string keys, string key) => Array.IndexOf(keys.Split(", "), key) >= 0;

    private static HcsChoice Choice(string key, ref Utf8JsonReader reader) =>
        HcsChoice.TryParse(Text(key, ref reader), out HcsChoice? choice, out string? error)
            ? choice
            : throw new UsageException($"option '{key}': {error}");

    /// <summary>Reads one of some words.</summary>
    internal static T Word<T>(string key, OptionWords<T> words, ref Utf8JsonReader reader)
        where T : struct
    {
        string text = Text(key, ref reader);
        return words.TryRead(text, out T value) ? value : throw new UsageException($"option '{key}' is '{text}': expected {words.Choices}");
    }

    /// <summary>Reads a text.</summary>
    internal static string Text(string key, ref Utf8JsonReader reader)
    {
        string? text = reader.TokenType == JsonTokenType.String
            ? reader.GetString()
            : throw new UsageException($"option '{key}' is not a string");
        return text!.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw new UsageException($"option '{key}' is empty or holds a NUL");
    }

    /// <summary>Reads an array of texts.</summary>
    internal static List<string> Texts(string key, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new UsageException($"option '{key}' is not an array of strings");
        }

        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(Text(key, ref reader));
        }

        return texts;
    }
}
