using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// A layer in which files that are the same in everything but their times become hard links to the first of them: content, security,
/// attributes, streams. The layer is read twice; 16 bytes of a digest are kept for each file.
/// </summary>
internal sealed class LinkedDuplicatesReader : LayerReader
{
    /// <summary>NTFS has no file with more names (0x80070476).</summary>
    private const int MaxNames = 1024;

    private readonly LayerReader _inner;
    private readonly int[] _files;
    private readonly Dictionary<int, First> _first = [];
    private int _ordinal;

    private LinkedDuplicatesReader(LayerReader inner, int[] files)
        : base(inner.ErrorContext, inner.CancellationToken)
    {
        _inner = inner;
        _files = files;
    }

    public override string Kind => _inner.Kind;

    /// <summary>Opens a layer.</summary>
    /// <param name="open">Opens it; called twice.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static LayerReader Open(Func<CancellationToken, LayerReader> open, CancellationToken cancellationToken)
    {
        var files = new List<int>();
        var known = new Dictionary<UInt128, int>();
        using (LayerReader contents = open(cancellationToken))
        {
            while (contents.GetNextEntry() is { } entry)
            {
                int file = -1;
                if (!CanBeLink(entry))
                {
                    contents.PassOver(entry);
                }
                else
                {
                    UInt128 hash = Hash(entry);
                    file = known.GetValueOrDefault(hash, files.Count);
                    known[hash] = file;
                }

                files.Add(file);
            }
        }

        return new LinkedDuplicatesReader(open(cancellationToken), [.. files]);
    }

    private protected override LayerEntry? ReadNextEntry()
    {
        if (ReadNextEntryOf(_inner) is not { } entry)
        {
            return null;
        }

        int file = _ordinal < _files.Length ? _files[_ordinal] : -1;
        _ordinal++;
        if (file < 0)
        {
            return entry;
        }

        if (_first.TryGetValue(file, out First? first) && first.Names < MaxNames)
        {
            first.Names++;
            if (first.Info != entry.Info)
            {
                AddLoss(new LayerLossRecord(
                    entry.Name, "timesOfLink", $"{entry.Name}: as a hard link to {first.Name} it has the times of that file"));
            }

            return new LayerEntry(entry.Name, 0, first.Info, null, () => Stream.Null) { HardLinkTarget = first.Name };
        }

        _first[file] = new First(entry.Name, entry.Info);
        return entry;
    }

    private protected override void CloseCore(bool reportErrors) => CloseInner(_inner, reportErrors);

    /// <summary>Empty files are left alone: they take no room, and programs write to them.</summary>
    private static bool CanBeLink(LayerEntry entry) => !entry.IsTombstone && entry.HardLinkTarget is null && entry.Size > 0
        && !entry.Info.IsDirectory && !entry.Info.IsReparsePoint && entry.Links is not { Count: > 1 }
        && HardLinkTargets.IsLinkable(entry.Name);

    private static UInt128 Hash(LayerEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> attributes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(attributes, entry.Info.FileAttributes);
        hash.AppendData(attributes);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            Stream stream = entry.OpenBackupStream();
            int got;
            while ((got = stream.Read(buffer)) > 0)
            {
                hash.AppendData(buffer, 0, got);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Span<byte> digest = stackalloc byte[32];
        hash.GetCurrentHash(digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    /// <summary>The first of some files that are the same.</summary>
    private sealed class First(string name, LayerFileInfo info)
    {
        public string Name => name;

        public LayerFileInfo Info => info;

        public int Names { get; set; } = 1;
    }
}
