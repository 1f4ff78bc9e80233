using System.Globalization;
using System.Text;
using System.Text.Json;
using AotLayers.Interop;

namespace AotLayers.Native;

/// <summary>The <c>options_json</c> of aotl_open and aotl_export. Every key is checked: one that is misspelt would otherwise be silently without effect.</summary>
internal sealed record SourceOptions
{
    private const string Keys = "hcs, parents, reader, home, flavour, record, recordData, replayOrder, compression, digest";

    /// <summary>The HCS; null when the source is a file or a folder that needs none.</summary>
    public HcsChoice? Hcs { get; private set; }

    /// <summary>Parents, nearest first.</summary>
    public IReadOnlyList<string> Parents { get; private set; } = [];

    /// <summary>Which reader.</summary>
    public LayerReaderKind Reader { get; private set; }

    /// <summary>Home directory of the layer driver; null when the source is a path.</summary>
    public string? Home { get; private set; }

    /// <summary>Number of the layer driver; null for the default.</summary>
    public int? Flavour { get; private set; }

    /// <summary>Recording to write; null for none.</summary>
    public string? Record { get; private set; }

    /// <summary>What the recording keeps of buffers.</summary>
    public DataPolicy RecordData { get; private set; } = DataPolicy.All;

    /// <summary>Which order of calls a replay accepts.</summary>
    public ReplayOrder ReplayOrder { get; private set; } = ReplayOrder.Strict;

    /// <summary>none, gzip or zstd.</summary>
    public string Compression { get; private set; } = "none";

    /// <summary>Whether digests are made.</summary>
    public bool Digest { get; private set; } = true;

    /// <summary>Reads the options.</summary>
    /// <param name="json">The caller's text; null for none.</param>
    /// <exception cref="NativeCallException">No JSON object, an unknown key, or a wrong value: AOTL_E_INVALIDARG with the key's name.</exception>
    public static SourceOptions Parse(string? json)
    {
        var options = new SourceOptions();
        if (string.IsNullOrWhiteSpace(json))
        {
            return options;
        }

        // Lone surrogates of the text are no JSON; they can be written as escapes, but no path has them on a system that has JSON from elsewhere.
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), new JsonReaderOptions { MaxDepth = 4 });
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Wrong("options_json is not a JSON object");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!;
                if (!seen.Add(key))
                {
                    throw Wrong($"options_json has '{key}' twice");
                }

                reader.Read();
                options.Set(key, ref reader);
            }

            reader.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"options_json is not JSON at byte {reader.BytesConsumed}"));
        }

        options.Check();
        return options;
    }

    private void Set(string key, ref Utf8JsonReader reader)
    {
        switch (key)
        {
            case "hcs":
                string hcs = Text(key, ref reader);
                Hcs = HcsChoice.TryParse(hcs, out HcsChoice? choice, out string? error) ? choice : throw Wrong($"option 'hcs': {error}");
                break;
            case "parents":
                Parents = Texts(key, ref reader);
                break;
            case "reader":
                Reader = Text(key, ref reader) switch
                {
                    "auto" => LayerReaderKind.Auto,
                    "stream" => LayerReaderKind.Stream,
                    "folder" => LayerReaderKind.Folder,
                    "base" => LayerReaderKind.Base,
                    string other => throw Wrong($"option 'reader' is '{other}': expected auto, stream, folder or base"),
                };
                break;
            case "home":
                Home = Text(key, ref reader);
                break;
            case "flavour":
                Flavour = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int flavour)
                    ? flavour
                    : throw Wrong("option 'flavour' is not a 32-bit number");
                break;
            case "record":
                Record = Text(key, ref reader);
                break;
            case "recordData":
                RecordData = Text(key, ref reader) switch
                {
                    "all" => DataPolicy.All,
                    "digest" => DataPolicy.Digest,
                    "lengths" => DataPolicy.Lengths,
                    string other => throw Wrong($"option 'recordData' is '{other}': expected all, digest or lengths"),
                };
                break;
            case "replayOrder":
                ReplayOrder = Text(key, ref reader) switch
                {
                    "strict" => ReplayOrder.Strict,
                    "per-handle" => ReplayOrder.PerHandle,
                    string other => throw Wrong($"option 'replayOrder' is '{other}': expected strict or per-handle"),
                };
                break;
            case "compression":
                Compression = Text(key, ref reader) is "none" or "gzip" or "zstd"
                    ? reader.GetString()!
                    : throw Wrong($"option 'compression' is '{reader.GetString()}': expected none, gzip or zstd");
                break;
            case "digest":
                Digest = Text(key, ref reader) switch
                {
                    "sha256" => true,
                    "none" => false,
                    string other => throw Wrong($"option 'digest' is '{other}': expected sha256 or none"),
                };
                break;
            default:
                throw Wrong($"option '{key}' is not known: expected {Keys}");
        }
    }

    /// <summary>What only an HCS understands needs one: a caller who forgot it would get something else than was asked for.</summary>
    private void Check()
    {
        if (Hcs is not null)
        {
            return;
        }

        string? needless = Parents.Count > 0 ? "parents"
            : Reader != LayerReaderKind.Auto ? "reader"
            : Home is not null ? "home"
            : Flavour is not null ? "flavour"
            : Record is not null ? "record"
            : null;
        if (needless is not null)
        {
            throw Wrong($"option '{needless}' needs the option 'hcs' ({HcsChoice.Forms})");
        }
    }

    private static string Text(string key, ref Utf8JsonReader reader)
    {
        string? text = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw Wrong($"option '{key}' is not a string");
        return text!.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? text : throw Wrong($"option '{key}' is empty or holds a NUL");
    }

    private static List<string> Texts(string key, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Wrong($"option '{key}' is not an array of strings");
        }

        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            texts.Add(Text(key, ref reader));
        }

        return texts;
    }

    private static NativeCallException Wrong(string message) => new(ResultCodes.InvalidArgument, message);
}
