using AotLayers.Formats;

namespace AotLayers.App;

/// <summary>What a layer can be converted to.</summary>
public enum ConvertTarget
{
    /// <summary>By the destination's name: .json is a recording, a separator at the end a folder, anything else a tar.</summary>
    Auto,

    /// <summary>A layer tar.</summary>
    Tar,

    /// <summary>A transport folder.</summary>
    Folder,

    /// <summary>A recording of a streaming export.</summary>
    Recording,
}

/// <summary>What a front end was asked to convert, whichever way its options were written.</summary>
public sealed class ConvertRequest
{
    /// <summary>The layer, with what becomes of odd files and whether all is kept.</summary>
    public required LayerRequest Layer { get; init; }

    /// <summary>Where it goes; <c>-</c> where a stream is given.</summary>
    public required string Destination { get; init; }

    /// <summary>What it becomes.</summary>
    public ConvertTarget Target { get; init; }

    /// <summary>Compression of a tar; null for what the name of the destination says.</summary>
    public LayerCompression? Compression { get; init; }

    /// <summary>Whether the source is a tar of a Linux root, of which a layer is made.</summary>
    public bool FromLinux { get; init; }

    /// <summary>Security of directories made of a Linux root, as SDDL; null for the default.</summary>
    public string? DirectorySddl { get; init; }

    /// <summary>Security of files made of a Linux root, as SDDL; null for the default.</summary>
    public string? FileSddl { get; init; }

    /// <summary>Seconds since 1970 that no time is later than; null for no limit.</summary>
    public long? SourceDateEpoch { get; init; }

    /// <summary>Whether files that are the same become hard links.</summary>
    public bool LinkDuplicates { get; init; }

    private OptionSpelling Spelling => Layer.Spelling;

    /// <summary>What the layer becomes.</summary>
    internal ConvertTarget ChosenTarget => Target != ConvertTarget.Auto ? Target
        : Destination.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ConvertTarget.Recording
        : Destination.EndsWith('/') || Destination.EndsWith('\\') || Directory.Exists(Destination) ? ConvertTarget.Folder
        : ConvertTarget.Tar;

    /// <summary>Compression of the tar.</summary>
    internal LayerCompression ChosenCompression => Compression
        ?? (HasEnding(".gz") || HasEnding(".tgz") ? LayerCompression.Gzip
            : HasEnding(".zst") || HasEnding(".zstd") ? LayerCompression.Zstd
            : LayerCompression.None);

    /// <summary>Reads a request of the C interface.</summary>
    /// <param name="source">The source.</param>
    /// <param name="json">Its options; null for none.</param>
    /// <param name="destination">Where it goes.</param>
    /// <exception cref="UsageException">An option is wrong; the message names it.</exception>
    public static ConvertRequest FromJson(string source, string? json, string destination)
    {
        ConvertTarget target = ConvertTarget.Auto;
        LayerCompression? compression = null;
        bool fromLinux = false;
        bool linkDuplicates = false;
        string? directorySddl = null;
        string? fileSddl = null;
        long? epoch = null;
        LayerRequest layer = JsonOptions.Read(
            new LayerRequest { Spelling = OptionSpelling.Json, Source = source },
            json,
            JsonOptions.ConvertKeys,
            (key, value) =>
            {
                switch (key)
                {
                    case "target":
                        target = JsonOptions.Word(key, OptionWords.Target, value);
                        return true;
                    case "compression":
                        compression = JsonOptions.Word(key, OptionWords.Compression, value);
                        return true;
                    case "fromLinux":
                        fromLinux = JsonOptions.Flag(key, value);
                        return true;
                    case "linkDuplicates":
                        linkDuplicates = JsonOptions.Flag(key, value);
                        return true;
                    case "directorySddl":
                        directorySddl = JsonOptions.Text(key, value);
                        return true;
                    case "fileSddl":
                        fileSddl = JsonOptions.Text(key, value);
                        return true;
                    case "sourceDateEpoch":
                        epoch = JsonOptions.Number(key, value);
                        return true;
                    default:
                        return false;
                }
            });
        return new ConvertRequest
        {
            Layer = layer,
            Destination = destination,
            Target = target,
            Compression = compression,
            FromLinux = fromLinux,
            LinkDuplicates = linkDuplicates,
            DirectorySddl = directorySddl,
            FileSddl = fileSddl,
            SourceDateEpoch = epoch,
        };
    }

    /// <summary>Checks that the options fit together.</summary>
    /// <exception cref="UsageException">They do not; the message names the option.</exception>
    public void Check()
    {
        ConvertTarget target = ChosenTarget;
        if (Destination.Length == 0 || Destination.Contains('\0', StringComparison.Ordinal))
        {
            throw new UsageException(Destination.Length == 0 ? "DEST is empty" : "DEST contains a NUL character");
        }

        if (target != ConvertTarget.Tar)
        {
            string? needless = Compression is not null ? "compression" : LinkDuplicates ? "linkDuplicates" : null;
            if (needless is not null)
            {
                throw new UsageException(
                    $"{Spelling.Name(needless)} is for tars; {Destination} becomes a {OptionWords.Target.NameOf(target)}");
            }
        }

        if (target == ConvertTarget.Recording && Layer.Lossless)
        {
            throw new UsageException($"{Spelling.Name("lossless")} is for tars and folders: a recording holds whole backup streams");
        }

        if (!FromLinux && (DirectorySddl ?? FileSddl) is not null)
        {
            string option = DirectorySddl is null ? "fileSddl" : "directorySddl";
            throw new UsageException($"{Spelling.Name(option)} is for {Spelling.Name("fromLinux")}");
        }

        if (FromLinux && (Layer.Hcs is not null || Layer.Merged || (Layer.Image ?? Layer.ImageLayer) is not null))
        {
            throw new UsageException($"{Spelling.Name("fromLinux")} takes a tar of a root file system, no layer of a machine or an image");
        }

        if (SourceDateEpoch is < 0 or > MaxEpoch)
        {
            throw new UsageException($"{Spelling.Name("sourceDateEpoch")} expects seconds since 1970, at most {MaxEpoch}");
        }

        if (Layer.Record is not null && (LinkDuplicates || target != ConvertTarget.Tar))
        {
            throw new UsageException($"{Spelling.Name("record")}: the layer is read twice here; export it to a tar first");
        }

        if (Layer.Source == Destination && Destination != "-")
        {
            throw new UsageException("source and destination are the same");
        }
    }

    /// <summary>How a layer is made of a Linux root.</summary>
    /// <exception cref="UsageException">A text is no SDDL.</exception>
    internal RootfsOptions RootfsOptions => new()
    {
        DirectorySecurity = Compile("directorySddl", DirectorySddl ?? RootfsOptions.DefaultDirectorySddl),
        FileSecurity = Compile("fileSddl", FileSddl ?? RootfsOptions.DefaultFileSddl),
        SkipUnsupported = Layer.Unsupported == UnknownReparsePoints.Drop,
    };

    /// <summary>As far as nanoseconds since 1970 reach in 64 bits.</summary>
    private const long MaxEpoch = long.MaxValue / 1_000_000_000;

    private SecurityDescriptor Compile(string option, string sddl)
    {
        try
        {
            return SecurityDescriptor.FromSddl(sddl);
        }
        catch (LayerFormatException e)
        {
            throw new UsageException($"{Spelling.Name(option)}: {e.Message}");
        }
    }

    private bool HasEnding(string ending) => Destination.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
