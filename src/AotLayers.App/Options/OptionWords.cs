using System.Diagnostics.CodeAnalysis;
using AotLayers.Formats;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>The words that an option takes, and what each means: read and written by the command line and by the C interface.</summary>
/// <typeparam name="T">What a word stands for.</typeparam>
/// <param name="words">All words, in the order in which they are named to users.</param>
public sealed class OptionWords<T>(params (string Word, T Value)[] words)
    where T : struct
{
    /// <summary>The words alone.</summary>
    public string[] Words { get; } = Array.ConvertAll(words, pair => pair.Word);

    /// <summary>The words for an error: <c>auto, stream, folder or base</c>.</summary>
    public string Choices => Words.Length == 1 ? Words[0] : string.Join(", ", Words[..^1]) + " or " + Words[^1];

    /// <summary>The words for a usage text: <c>auto|stream|folder|base</c>.</summary>
    public string Alternatives => string.Join('|', Words);

    /// <summary>Reads a word.</summary>
    /// <param name="word">Exactly one of <see cref="Words"/>.</param>
    /// <param name="value">What it stands for.</param>
    /// <returns>Whether it is one.</returns>
    public bool TryRead([NotNullWhen(true)] string? word, out T value)
    {
        int index = Array.IndexOf(Words, word);
        value = index < 0 ? default : words[index].Value;
        return index >= 0;
    }

    /// <summary>The word of a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No word stands for it.</exception>
    public string NameOf(T value)
    {
        foreach ((string word, T other) in words)
        {
            if (EqualityComparer<T>.Default.Equals(value, other))
            {
                return word;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value), value, "no option word stands for it");
    }
}

/// <summary>The one table of option words.</summary>
public static class OptionWords
{
    /// <summary>How a layer is read.</summary>
    public static OptionWords<LayerReaderKind> Reader { get; } = new(
        ("auto", LayerReaderKind.Auto),
        ("stream", LayerReaderKind.Stream),
        ("folder", LayerReaderKind.Folder),
        ("base", LayerReaderKind.Base));

    /// <summary>How a layer is written.</summary>
    public static OptionWords<LayerWriterKind> Writer { get; } = new(
        ("auto", LayerWriterKind.Auto),
        ("stream", LayerWriterKind.Stream),
        ("folder", LayerWriterKind.Folder),
        ("base", LayerWriterKind.Base));

    /// <summary>Which library's calls are made.</summary>
    public static OptionWords<StorageApi> Api { get; } = new(
        ("auto", StorageApi.Auto), ("vmcompute", StorageApi.Vmcompute), ("computestorage", StorageApi.Computestorage));

    /// <summary>Compression of what is written.</summary>
    public static OptionWords<LayerCompression> Compression { get; } = new(
        ("none", LayerCompression.None), ("gzip", LayerCompression.Gzip), ("zstd", LayerCompression.Zstd));

    /// <summary>What becomes of reparse points that a tar has no form for.</summary>
    public static OptionWords<UnknownReparsePoints> Unsupported { get; } = new(
        ("fail", UnknownReparsePoints.Fail), ("skip", UnknownReparsePoints.Drop), ("keep", UnknownReparsePoints.Keep));

    /// <summary>What a layer is converted to.</summary>
    public static OptionWords<ConvertTarget> Target { get; } = new(
        ("auto", ConvertTarget.Auto),
        ("tar", ConvertTarget.Tar),
        ("folder", ConvertTarget.Folder),
        ("recording", ConvertTarget.Recording));

    /// <summary>How bad a finding is.</summary>
    public static OptionWords<VerifySeverity> Severity { get; } = new(
        ("note", VerifySeverity.Note), ("warning", VerifySeverity.Warning), ("error", VerifySeverity.Error));

    /// <summary>Whether digests are computed.</summary>
    public static OptionWords<bool> Digest { get; } = new(("sha256", true), ("none", false));

    /// <summary>How much of the buffers a recording keeps.</summary>
    public static OptionWords<DataPolicy> RecordData { get; } = new(
        ("all", DataPolicy.All), ("digest", DataPolicy.Digest), ("lengths", DataPolicy.Lengths));

    /// <summary>Which order of calls a replay accepts.</summary>
    public static OptionWords<ReplayOrder> ReplayOrder { get; } = new(
        ("strict", Interop.ReplayOrder.Strict), ("per-handle", Interop.ReplayOrder.PerHandle));

    /// <summary>What becomes of files that an extraction finds.</summary>
    public static OptionWords<ExistingFiles> Existing { get; } = new(
        ("fail", ExistingFiles.Fail), ("skip", ExistingFiles.Skip), ("replace", ExistingFiles.Replace));

    /// <summary>In what entries can differ.</summary>
    public static OptionWords<EntryAspects> Aspect { get; } = new(
        ("kind", EntryAspects.Kind),
        ("case", EntryAspects.Case),
        ("size", EntryAspects.Size),
        ("content", EntryAspects.Content),
        ("times", EntryAspects.Times),
        ("attributes", EntryAspects.Attributes),
        ("security", EntryAspects.Security),
        ("streams", EntryAspects.Streams),
        ("eas", EntryAspects.ExtendedAttributes),
        ("reparse", EntryAspects.Reparse),
        ("links", EntryAspects.Links),
        ("other", EntryAspects.Other));

    /// <summary>Which entries are wanted.</summary>
    public static OptionWords<EntryTraits> EntryType { get; } = new(
        ("file", EntryTraits.File),
        ("directory", EntryTraits.Directory),
        ("symlink", EntryTraits.SymbolicLink),
        ("junction", EntryTraits.Junction),
        ("reparse", EntryTraits.ReparsePoint),
        ("link", EntryTraits.HardLink),
        ("tombstone", EntryTraits.Tombstone),
        ("ads", EntryTraits.AlternateStreams),
        ("ea", EntryTraits.ExtendedAttributes),
        ("sparse", EntryTraits.Sparse));
}
