using System.Globalization;
using System.Text;
using System.Text.Json;
using AotLayers.Interop;

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

    private static readonly BoundedJsonLimits s_limits = new() { Depth = 4 };

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

        try
        {
            // Lone surrogates of the text are no JSON; they can be written as escapes, but no path has them on a system that has JSON
            // from elsewhere.
            BoundedJsonValue root = BoundedJson.Parse(Encoding.UTF8.GetBytes(json), "options_json", s_limits).Root;
            if (root.Kind != JsonValueKind.Object)
            {
                throw new UsageException("options_json is not a JSON object");
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (string key in root.Names())
            {
                if (!seen.Add(key))
                {
                    throw new UsageException($"options_json has '{key}' twice");
                }

                if (!IsOneOf(keys, key))
                {
                    throw new UsageException($"option '{key}' is not known: expected {keys}");
                }

                BoundedJsonValue? value = root.Member(key);
                if (more is null || !more(key, value))
                {
                    request = With(request, key, value);
                }
            }

            return request;
        }
        catch (BoundedJsonException e)
        {
            throw new UsageException(e.Position < 0
                ? e.Message
                : string.Create(CultureInfo.InvariantCulture, $"options_json is not JSON at byte {e.Position}"));
        }
    }

    private static LayerRequest With(LayerRequest request, string key, BoundedJsonValue? value) => key switch
    {
        "hcs" => request with { Hcs = Choice(key, value) },
        "parents" => request with { Parents = Texts(key, value) },
        "reader" => request with { Reader = Word(key, OptionWords.Reader, value) },
        "api" => request with { Api = Word(key, OptionWords.Api, value) },
        "writer" => request with { Writer = Word(key, OptionWords.Writer, value) },
        "home" => request with { Home = Text(key, value) },
        "flavour" => request with
        {
            Flavour = value is { Kind: JsonValueKind.Number } number && number.TryInt32(out int flavour)
                ? flavour
                : throw new UsageException($"option '{key}' is not a 32-bit number"),
        },
        "record" => request with { Record = Text(key, value) },
        "recordData" => request with { RecordData = Word(key, OptionWords.RecordData, value) },
        "replayOrder" => request with { ReplayOrder = Word(key, OptionWords.ReplayOrder, value) },
        "compression" => request with { Compression = Word(key, OptionWords.Compression, value) },
        "faults" => request with { Faults = Texts(key, value) },
        "digest" => request with { Digest = Word(key, OptionWords.Digest, value) },
        "image" => request with { Image = Text(key, value) },
        "layer" => request with { ImageLayer = Text(key, value) },
        "merged" => request with { Merged = Flag(key, value) },
        "unsupported" => request with { Unsupported = Word(key, OptionWords.Unsupported, value) },
        "lossless" => request with { Lossless = Flag(key, value) },
        "expectDiffId" => request with { ExpectDiffId = Text(key, value) },
        "expectDigest" => request with { ExpectDigest = Text(key, value) },
        _ => throw new ArgumentOutOfRangeException(nameof(key), key, "a key that is listed and not read"),
    };

    /// <summary>Reads the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null when it is JSON's null.</param>
    /// <returns>Whether the key is known.</returns>
    internal delegate bool MoreOptions(string key, BoundedJsonValue? value);

    /// <summary>Reads a truth value.</summary>
    internal static bool Flag(string key, BoundedJsonValue? value) => value is { Kind: JsonValueKind.True or JsonValueKind.False } flag
        ? flag.Bool()
        : throw new UsageException($"option '{key}' is neither true nor false");

    /// <summary>Reads a whole number.</summary>
    internal static long Number(string key, BoundedJsonValue? value) =>
        value is { Kind: JsonValueKind.Number } given && given.TryInt64(out long number)
            ? number
            : throw new UsageException($"option '{key}' is not a whole number of 64 bits");

    private static bool IsOneOf(string keys, string key) => Array.IndexOf(keys.Split(", "), key) >= 0;

    private static HcsChoice Choice(string key, BoundedJsonValue? value) =>
        HcsChoice.TryParse(Text(key, value), out HcsChoice? choice, out string? error)
            ? choice
            : throw new UsageException($"option '{key}': {error}");

    /// <summary>Reads one of some words.</summary>
    internal static T Word<T>(string key, OptionWords<T> words, BoundedJsonValue? value)
        where T : struct
    {
        string text = Text(key, value);
        return words.TryRead(text, out T word) ? word : throw new UsageException($"option '{key}' is '{text}': expected {words.Choices}");
    }

    /// <summary>Reads a text.</summary>
    internal static string Text(string key, BoundedJsonValue? value)
    {
        string text = value is { Kind: JsonValueKind.String } given
            ? given.Text()
            : throw new UsageException($"option '{key}' is not a string");
        return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw new UsageException($"option '{key}' is empty or holds a NUL");
    }

    /// <summary>Reads an array of texts.</summary>
    internal static List<string> Texts(string key, BoundedJsonValue? value)
    {
        if (value is not { Kind: JsonValueKind.Array } array)
        {
            throw new UsageException($"option '{key}' is not an array of strings");
        }

        var texts = new List<string>();
        foreach (BoundedJsonValue item in array.Items())
        {
            texts.Add(Text(key, item));
        }

        return texts;
    }
}
