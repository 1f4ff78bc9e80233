using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// The state of a machine in a folder, so that several processes are one machine: <c>machine.json</c> says which layers there are and
/// what was done with
/// them, <c>layers</c> holds those that calls made, <c>importing</c> those that are being made. A layer appears when <c>machine.json</c>
/// names it, which is
/// replaced whole: a process that is killed leaves none by half. What it leaves is removed by the next one.
/// </summary>
internal sealed class MachineState
{
    private const string Format = "aotlayers-simulator-state";
    private const int Version = 1;
    private const int MaxFileBytes = 16 << 20;
    private const string StreamsFile = LayerLoader.StreamsFile;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly string _folder;
    private readonly SimulatedVolume _volume;
    private readonly IReadOnlyDictionary<string, SimulatedLayer> _given;
    private readonly MachineLock _machineLock;
    private FileStream? _lockFile;
    private int _depth;
    private bool _cleaned;
    private (DateTime Time, long Length) _seen;
    private byte[] _saved = [];

    /// <summary>Opens the state of a machine; the folder is made where it is missing.</summary>
    /// <param name="folder">Real folder.</param>
    /// <param name="volume">Gets the layers.</param>
    /// <param name="given">The layers that the machine had at first.</param>
    /// <param name="machineLock">Names the call in errors.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public MachineState(string folder, SimulatedVolume volume, IReadOnlyDictionary<string, SimulatedLayer> given, MachineLock machineLock)
    {
        (_folder, _volume, _given, _machineLock) = (Path.GetFullPath(folder), volume, given, machineLock);
        Directory.CreateDirectory(LayersFolder);
        Directory.CreateDirectory(DraftsFolder);
    }

    private string LayersFolder => Path.Combine(_folder, "layers");

    private string DraftsFolder => Path.Combine(_folder, "importing");

    private string MachineFile => Path.Combine(_folder, "machine.json");

    /// <summary>Takes the state from other processes and reads it.</summary>
    public void Enter()
    {
        if (_depth > 0)
        {
            _depth++;
            return;
        }

        _lockFile = TakeLock();
        _depth = 1;
        try
        {
            Refresh();
            if (!_cleaned)
            {
                RemoveLeftovers();
                _cleaned = true;
            }
        }
        catch
        {
            Leave();
            throw;
        }
    }

    /// <summary>Gives the state back.</summary>
    public void Leave()
    {
        if (--_depth == 0)
        {
            _lockFile?.Dispose();
            _lockFile = null;
        }
    }

    /// <summary>Reads <c>machine.json</c> where it is another one than before.</summary>
    /// <exception cref="SimulatedLayerException">It does not follow its format.</exception>
    public void Refresh()
    {
        var file = new FileInfo(MachineFile);
        (DateTime LastWriteTimeUtc, long Length) now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (now == _seen && _depth == 0)
        {
            return;
        }

        try
        {
            byte[] bytes = RealFile.ReadBounded(MachineFile, MaxFileBytes) ?? [];
            if (_seen == default || !bytes.AsSpan().SequenceEqual(_saved))
            {
                Read(bytes);
            }

            (_seen, _saved) = (now, bytes);
        }
        catch (Exception e) when (e is BoundedJsonException or InvalidDataException)
        {
            throw new SimulatedLayerException(_machineLock.Call, new LayerLoadException("", Win32Error.InvalidData, e.Message, e));
        }
    }

    /// <summary>Writes <c>machine.json</c> where something changed. The state is taken.</summary>
    /// <exception cref="IOException">Writing failed; the old file stays.</exception>
    public void Save()
    {
        byte[] bytes = Compose();
        if (bytes.AsSpan().SequenceEqual(_saved))
        {
            return;
        }

        string temporary = MachineFile + ".new";
        File.WriteAllBytes(temporary, bytes);
        Replace(temporary);
        var file = new FileInfo(MachineFile);
        (_seen, _saved) = ((file.LastWriteTimeUtc, file.Length), bytes);
        foreach (string folder in Directory.EnumerateDirectories(LayersFolder).Where(IsUnused))
        {
            Discard(folder);
        }
    }

    /// <summary>A place to make a layer in. The state is taken.</summary>
    public LayerDraft NewDraft()
    {
        string folder = Path.Combine(DraftsFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        return new LayerDraft(new FileStore(Path.Combine(folder, StreamsFile)), folder);
    }

    /// <summary>A place for what file calls write, for as long as this process lives.</summary>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public StreamStore NewScratch() => FileStore.Temporary(Path.Combine(DraftsFolder, Guid.NewGuid().ToString("N") + ".tmp"));

    /// <summary>Puts a layer that is made among the layers; <see cref="Save"/> makes it one of the machine. The state is taken.</summary>
    /// <returns>Its folder's name.</returns>
    public string Keep(LayerDraft draft, LayerContent content)
    {
        var store = (FileStore)draft.Store;
        LayerFolderWriter.Write(content, store, draft.Folder!);
        string target = Path.Combine(LayersFolder, Path.GetFileName(draft.Folder!));
        store.Keep(Path.Combine(target, StreamsFile), () => Directory.Move(draft.Folder!, target));
        return Path.GetFileName(target);
    }

    /// <summary>Removes what a draft left; what cannot be removed now is removed by a later process.</summary>
    public static void Discard(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody reads from it: on Windows an open file keeps its folder.
        }
    }

    private bool IsUnused(string folder) =>
        !_volume.Layers.Any(layer => string.Equals(layer.Folder, Path.GetFileName(folder), StringComparison.OrdinalIgnoreCase));

    private void RemoveLeftovers()
    {
        foreach (string folder in Directory.EnumerateDirectories(LayersFolder)
            .Where(IsUnused)
            .Concat(Directory.EnumerateDirectories(DraftsFolder).Where(IsAbandoned)))
        {
            Discard(folder);
        }
    }

    // A living process has its draft's file open.
    private static bool IsAbandoned(string folder)
    {
        try
        {
            string streams = Path.Combine(folder, StreamsFile);
            if (File.Exists(streams))
            {
                using var file = new FileStream(streams, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private FileStream TakeLock()
    {
        long start = Stopwatch.GetTimestamp();
        for (int pause = 1; ; pause = Math.Min(pause * 2, 20))
        {
            try
            {
                return new FileStream(
                    Path.Combine(_folder, "lock"),
                    FileMode.OpenOrCreate,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    bufferSize: 0);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
            {
                if (Stopwatch.GetElapsedTime(start) > s_patience)
                {
                    throw new IOException($"{_folder}: another process does not let go of this machine's state: {e.Message}", e);
                }
            }

            Thread.Sleep(pause);
        }
    }

    // On Windows a file that somebody reads just now is not replaced.
    private void Replace(string temporary)
    {
        for (int tries = 0; ; tries++)
        {
            try
            {
                File.Move(temporary, MachineFile, overwrite: true);
                return;
            }
            catch (Exception e) when (OperatingSystem.IsWindows() && tries < 200 && e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(5);
            }
        }
    }

    private byte[] Compose()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteStartArray("removed");
            foreach (string name in _given.Keys.Where(name => _volume.FindByName(name) is not { Folder: null })
                .Order(StringComparer.Ordinal))
            {
                BoundedJsonText.WriteValue(json, name);
            }

            json.WriteEndArray();
            json.WriteStartArray("layers");
            foreach (SimulatedLayer? layer in _volume.Layers
                .Where(layer => !layer.IsPending && (layer.Folder is not null || layer.IsTouched)))
            {
                json.WriteStartObject();
                BoundedJsonText.Write(json, "name", layer.Name);
                if (layer.Folder is { } folder)
                {
                    json.WriteString("folder", folder);
                }

                json.WriteNumber("activations", layer.Activations);
                json.WriteBoolean("prepared", layer.IsPrepared);
                json.WriteBoolean("overlay", layer.HasOverlay);
                json.WriteNumber("size", layer.ScratchSize);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private void Read(byte[] bytes)
    {
        var layers = new Dictionary<string, SimulatedLayer>(_given, StringComparer.OrdinalIgnoreCase);
        foreach (SimulatedLayer layer in _given.Values)
        {
            layer.Reset();
        }

        if (bytes.Length > 0)
        {
            BoundedJsonValue root = BoundedJson.Parse(bytes, MachineFile, new BoundedJsonLimits { Bytes = MaxFileBytes, Depth = 8 }).Root
                .Object("format", "version", "removed", "layers");
            if (root.Required("format").Text() != Format || root.Required("version").Int64() != Version)
            {
                throw root.Error($"not version {Version} of {Format}");
            }

            foreach (BoundedJsonValue name in root.Required("removed").Items())
            {
                layers.Remove(name.Text());
            }

            foreach (BoundedJsonValue item in root.Required("layers").Items())
            {
                SimulatedLayer layer = ReadLayer(item.Object("name", "folder", "activations", "prepared", "overlay", "size"));
                layers[layer.Name] = layer;
            }
        }

        _volume.Replace(layers);
    }

    private SimulatedLayer ReadLayer(BoundedJsonValue item)
    {
        string name = item.Required("name").Text();
        string? folder = item.Member("folder")?.Text();
        if (folder is not null && !Guid.TryParseExact(folder, "N", out _))
        {
            throw item.Error("folder is none of this state");
        }

        SimulatedLayer layer = _volume.FindByName(name) is { } known && known.Folder == folder ? known
            : folder is null ? _given.GetValueOrDefault(name) ?? throw item.Error($"the machine has no layer '{name}'")
            : new SimulatedLayer(name, () => Load(folder)) { Folder = folder };
        layer.Activations = (int)item.Required("activations").Int64(0, int.MaxValue);
        layer.IsPrepared = item.Required("prepared").Bool();
        layer.HasOverlay = item.Required("overlay").Bool();
        layer.ScratchSize = (ulong)item.Required("size").Int64(0);
        return layer;
    }

    private LayerContent Load(string folder)
    {
        try
        {
            return LayerLoader.Load(new DirectoryInfo(Path.Combine(LayersFolder, folder)));
        }
        catch (LayerLoadException e)
        {
            throw new SimulatedLayerException(_machineLock.Call, e);
        }
    }
}

/// <summary>A layer that is being made.</summary>
/// <param name="Store">Its backup streams.</param>
/// <param name="Folder">Its real folder; null in memory.</param>
internal sealed record LayerDraft(StreamStore Store, string? Folder) : IDisposable
{
    /// <summary>Removes what is there of it. Nothing when the layer was kept.</summary>
    public void Dispose()
    {
        Store.Dispose();
        if (Folder is not null && Directory.Exists(Folder))
        {
            MachineState.Discard(Folder);
        }
    }
}
