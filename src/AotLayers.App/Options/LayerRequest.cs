using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>What a front end was asked to do with a layer, whichever way its options were written.</summary>
public sealed record LayerRequest
{
    /// <summary>How the front end's users write options.</summary>
    public required OptionSpelling Spelling { get; init; }

    /// <summary>
    /// Path of the layer folder, with <see cref="Home"/> its bare id; without <see cref="Hcs"/> a layer tar, a transport folder, a
    /// recording, an archive of docker save or an OCI layout (<see cref="LayerSource"/>).
    /// </summary>
    public required string Source { get; init; }

    /// <summary>Where the calls go; null when the source is a file or a folder that needs none.</summary>
    public HcsChoice? Hcs { get; init; }

    /// <summary>Parents, nearest first.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Which reader.</summary>
    public LayerReaderKind Reader { get; init; }

    /// <summary>Which writer, of an import.</summary>
    public LayerWriterKind Writer { get; init; }

    /// <summary>Which library's calls are made where both have one.</summary>
    public StorageApi Api { get; init; }

    /// <summary>Home directory of the layer driver; null when the source is a path.</summary>
    public string? Home { get; init; }

    /// <summary>Number of the layer driver; null for the default.</summary>
    public int? Flavour { get; init; }

    /// <summary>Whether the layer is a container's scratch layer, which is activated and initialised first.</summary>
    public bool Scratch { get; init; }

    /// <summary>Recording to write; null for none.</summary>
    public string? Record { get; init; }

    /// <summary>What the recording keeps of buffers; null when not said: all.</summary>
    public DataPolicy? RecordData { get; init; }

    /// <summary>Whether the recording has the duration of every call.</summary>
    public bool RecordTiming { get; init; }

    /// <summary>Which order of calls a replay accepts; null when not said: the strict one.</summary>
    public ReplayOrder? ReplayOrder { get; init; }

    /// <summary>Which image of an archive, when it has several; null when not said.</summary>
    public string? Image { get; init; }

    /// <summary>Which layer of the image: its position, 0 for the base, -1 for the last, or its digest; null when not said.</summary>
    public string? ImageLayer { get; init; }

    /// <summary>Whether the layer and all below it are read as a container would see them. Without <see cref="Hcs"/>, the parents are
    /// sources then.</summary>
    public bool Merged { get; init; }

    /// <summary>Faults, as <c>--fault</c> takes them (docs/toolkit/faults.md#in-one-line).</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Whether digests are made of a layer tar that is read.</summary>
    public bool HashSource { get; init; }

    /// <summary>Whether an image with several layers, of which none is named, means the chain of all.</summary>
    public bool MergesImages { get; init; }

    /// <summary>Whether the layer may be read more than once: standard input is kept then.</summary>
    public bool ReadAgain { get; init; }

    /// <summary>Compression of an export.</summary>
    public LayerCompression Compression { get; init; }

    /// <summary>What becomes of reparse points that a tar has no form for.</summary>
    public UnknownReparsePoints Unsupported { get; init; }

    /// <summary>Whether a tar keeps what it has no place for in records of our own.</summary>
    public bool Lossless { get; init; }

    /// <summary>Whether an export makes digests.</summary>
    public bool Digest { get; init; } = true;

    /// <summary>The task is about the machine: there is no layer to name.</summary>
    public bool WithoutLayer { get; init; }

    /// <summary>Privileges that the task needs of the process.</summary>
    public IReadOnlyList<string> Privileges { get; init; } = [];

    /// <summary>File that an export writes; null when nothing is written to a file.</summary>
    public string? Output { get; init; }

    /// <summary>Layer tar that an import reads; null when nothing is read from a file.</summary>
    public string? Input { get; init; }

    /// <summary>Digest that the tar of an import must have before compression; null for no demand.</summary>
    public string? ExpectDiffId { get; init; }

    /// <summary>Digest that the file of an import must have; null for no demand.</summary>
    public string? ExpectDigest { get; init; }

    /// <summary>The place for errors, as the user named it.</summary>
    public LayerErrorContext Place => new() { Layer = WithoutLayer ? null : Location.Path, Parents = Parents };

    /// <summary>The layer, as calls are told.</summary>
    public LayerLocation Location => new()
    {
        Id = Source,
        Parents = Parents,
        Api = Api,
        Driver = new DriverInfo { Flavour = Flavour ?? DriverInfo.FullPaths.Flavour, HomeDir = Home ?? "" },
    };

    /// <summary>What a session is told.</summary>
    internal HcsSessionOptions SessionOptions => new()
    {
        Choice = Hcs ?? HcsChoice.Native,
        RecordPath = Record,
        RecordData = RecordData ?? DataPolicy.All,
        RecordTiming = RecordTiming,
        ReplayOrder = ReplayOrder ?? Interop.ReplayOrder.Strict,
        Faults = Faults,
    };

    /// <summary>Checks that the options fit together. An option that would be without effect is an error: the user expects one.</summary>
    /// <exception cref="UsageException">They do not; the message names the option.</exception>
    public void Check()
    {
        if (!WithoutLayer)
        {
            CheckText(Source, Spelling.Source);
        }

        if (Output is not null)
        {
            CheckFileName(Output, Spelling.Output);
        }

        if (Input is not null)
        {
            CheckText(Input, Spelling.Input);
            if (Record is not null && AreSame(Record, Input))
            {
                throw new UsageException($"{Spelling.Name("record")} would overwrite the tar that is imported");
            }
        }

        CheckDigest(ExpectDiffId, "expectDiffId");
        CheckDigest(ExpectDigest, "expectDigest");
        if (Hcs is null)
        {
            CheckNoHcs();
        }
        else if ((Image ?? ImageLayer) is not null)
        {
            string option = Spelling.Name(Image is null ? "layer" : "image");
            throw new UsageException($"{option} is for image archives, not for a machine's layers");
        }

        CheckLayer();
        CheckRecording();
    }

    private void CheckNoHcs()
    {
        if (Parents.Count > 0 && !Merged)
        {
            throw new UsageException(
                $"{Spelling.Name("parents")} needs the {Spelling.Name("hcs")} ({HcsChoice.Forms}), or {Spelling.Name("merged")}");
        }

        string? needless = Home is not null ? "home"
            : Reader != LayerReaderKind.Auto ? "reader"
            : Api != StorageApi.Auto ? "api"
            : Flavour is not null ? "flavour"
            : Record is not null ? "record"
            : ReplayOrder is not null ? "replayOrder"
            : Faults.Count > 0 ? "faults"
            : Scratch ? "scratch"
            : null;
        if (needless is not null)
        {
            throw new UsageException($"{Spelling.Name(needless)} needs the {Spelling.Name("hcs")} ({HcsChoice.Forms})");
        }
    }

    private static void CheckFileName(string path, string option)
    {
        CheckText(path, option);
        if (AtomicOutputFile.FindProblem(path) is { } problem)
        {
            throw new UsageException($"{option}: {problem}");
        }
    }

    private void CheckDigest(string? digest, string key)
    {
        if (digest is not null && !LayerImporter.IsDigest(digest))
        {
            throw new UsageException($"{Spelling.Name(key)} expects sha256: and 64 lower-case hexadecimal digits, not '{digest}'");
        }
    }

    private void CheckLayer()
    {
        foreach (string parent in Parents)
        {
            CheckText(parent, Spelling.Name("parents"));
        }

        if (Home is not null)
        {
            CheckText(Home, Spelling.Name("home"));
            if (Source.AsSpan().ContainsAny('/', '\\'))
            {
                throw new UsageException($"with {Spelling.Name("home")}, {Spelling.Source} is a bare id, not a path: '{Source}'");
            }
        }

        if (Flavour is not (null or 0 or 1))
        {
            throw new UsageException($"{Spelling.Name("flavour")} is 0 or 1, not {Flavour}");
        }

        if (Writer == LayerWriterKind.Base && Parents.Count > 0)
        {
            throw new UsageException(
                $"{Spelling.Example("writer", "base")} makes layers without parents: leave {Spelling.Name("parents")} away, or use "
                    + $"{Spelling.Example("writer", "auto")}");
        }

        if (Writer == LayerWriterKind.Folder && Parents.Count == 0)
        {
            throw new UsageException(
                $"{Spelling.Example("writer", "folder")} makes layers on parents: name them with {Spelling.Name("parents")}, or use "
                    + $"{Spelling.Example("writer", "auto")}");
        }

        if (Api == StorageApi.Computestorage && (Reader == LayerReaderKind.Stream || Scratch))
        {
            string other = Scratch ? Spelling.Name("scratch") : Spelling.Example("reader", "stream");
            throw new UsageException($"{other} is done by vmcompute only: leave {Spelling.Example("api", "computestorage")} away");
        }

        if (Reader == LayerReaderKind.Base && Parents.Count > 0)
        {
            throw new UsageException(
                $"{Spelling.Example("reader", "base")} reads layers without parents: leave {Spelling.Name("parents")} away, or use "
                    + $"{Spelling.Example("reader", "auto")}");
        }
    }

    private void CheckRecording()
    {
        if (Record is null && RecordData is not null)
        {
            throw new UsageException($"{Spelling.Name("recordData")} needs {Spelling.Name("record")}");
        }

        if (Record is null && RecordTiming)
        {
            throw new UsageException($"{Spelling.Name("recordTiming")} needs {Spelling.Name("record")}");
        }

        if (Record is not null)
        {
            CheckFileName(Record, Spelling.Name("record"));
        }

        if (Record == "-")
        {
            throw new UsageException($"{Spelling.Name("record")} needs the name of a file: a recording cannot be written to a pipe");
        }

        string? replayed = Hcs is { Kind: HcsChoiceKind.Replay } ? Hcs.Path : null;
        if (replayed is null && ReplayOrder is not null)
        {
            throw new UsageException($"{Spelling.Name("replayOrder")} needs {Spelling.Example("hcs", "replay:FILE")}");
        }

        if (Record is not null && replayed is not null && AreSame(Record, replayed))
        {
            throw new UsageException($"{Spelling.Name("record")} would overwrite the recording that {Spelling.Name("hcs")} replays");
        }

        if (Output is not null && Record is not null && AreSame(Record, Output))
        {
            throw new UsageException($"{Spelling.Output} and {Spelling.Name("record")} name the same file");
        }

        if (Output is not null && replayed is not null && AreSame(replayed, Output))
        {
            throw new UsageException($"{Spelling.Output} would overwrite the recording that {Spelling.Name("hcs")} replays");
        }
    }

    private static void CheckText(string text, string name)
    {
        if (text.Length == 0)
        {
            throw new UsageException(name + " is empty");
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new UsageException(name + " contains a NUL character");
        }
    }

    /// <summary>Whether two names mean the same file, as far as names tell.</summary>
    private static bool AreSame(string first, string second) => string.Equals(
        Path.GetFullPath(first),
        Path.GetFullPath(second),
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
