using System.Globalization;
using System.Text;

namespace AotLayers;

/// <summary>Where in a layer something failed. Whatever is known; the rest is null.</summary>
public sealed record LayerErrorContext
{
    /// <summary>Path of the layer, as the caller gave it; of a tar, the name of the file.</summary>
    public string? Layer { get; init; }

    /// <summary>Parents, nearest first.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>The entry's name: relative, with backslashes.</summary>
    public string? Entry { get; init; }

    /// <summary>The entry that was done last, where the failure lies between two entries.</summary>
    public string? AfterEntry { get; init; }

    /// <summary>The stream inside the entry, for example <c>DATA</c> or <c>ALTERNATE_DATA :ads.txt:$DATA</c>.</summary>
    public string? Stream { get; init; }

    /// <summary>Bytes into the entry's backup stream, or into the file for files that are read as such.</summary>
    public long? Offset { get; init; }

    /// <summary>What this place knows, completed by what a larger one knows besides.</summary>
    /// <param name="outer">The larger place: the layer, or the entry.</param>
    internal LayerErrorContext Within(LayerErrorContext outer) =>
        (Layer ?? outer.Layer) == Layer && (Parents.Count > 0 || outer.Parents.Count == 0) && (Entry ?? outer.Entry) == Entry
        && (AfterEntry ?? outer.AfterEntry) == AfterEntry && (Stream ?? outer.Stream) == Stream && (Offset ?? outer.Offset) == Offset
            ? this
            : new LayerErrorContext
            {
                Layer = Layer ?? outer.Layer,
                Parents = Parents.Count > 0 ? Parents : outer.Parents,
                Entry = Entry ?? outer.Entry,
                AfterEntry = AfterEntry ?? outer.AfterEntry,
                Stream = Stream ?? outer.Stream,
                Offset = Offset ?? outer.Offset,
            };

    /// <summary>The known facts as <c> (layer X, parents A, B, entry E, stream S, offset N)</c>, or nothing.</summary>
    internal void AppendTo(StringBuilder text)
    {
        int start = text.Length;
        Append(text, start, "layer ", Layer);
        Append(text, start, Parents.Count == 1 ? "parent " : "parents ", Parents.Count == 0 ? null : string.Join(", ", Parents));
        Append(text, start, "entry ", Entry);
        Append(text, start, "after entry ", AfterEntry);
        Append(text, start, "stream ", Stream);
        Append(text, start, "offset ", Offset?.ToString(CultureInfo.InvariantCulture));
        if (text.Length > start)
        {
            text.Append(')');
        }
    }

    private static void Append(StringBuilder text, int start, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append(text.Length == start ? " (" : ", ").Append(label).Append(value);
        }
    }
}
