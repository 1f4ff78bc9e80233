using System.Buffers;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// Shows the entries of a tar to the rules, raw: what the reader of layers refuses is here only an entry with something wrong. Ends where
/// the archive is damaged.
/// </summary>
internal sealed class VerifyTarSource
{
    private const int BufferSize = 64 * 1024;

    private readonly Stream _content;
    private readonly VerifyRun _run;
    private readonly VerifyEntry _entry = new();
    private readonly CancellationToken _cancellationToken;
    private readonly TarReader _tar;

    /// <param name="content">The uncompressed tar.</param>
    /// <param name="run">Takes the entries.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    public VerifyTarSource(Stream content, VerifyRun run, CancellationToken cancellationToken)
    {
        _content = content;
        _run = run;
        _cancellationToken = cancellationToken;
        _tar = new TarReader(content);
    }

    /// <summary>Reads the archive and what follows it.</summary>
    public void Read()
    {
        try
        {
            while (_tar.GetNextEntry(_cancellationToken) is { } header)
            {
                if (Describe(header))
                {
                    _run.Visit(_entry);
                }
            }

            long rest = FindData();
            if (!_tar.EndMarkerSeen)
            {
                _run.ReportCut(
                    VerifyRules.ArchiveEnd, null, _tar.Position, "the archive has no end marker: it may be cut between two entries");
            }
            else if (rest >= 0)
            {
                _run.ReportCut(VerifyRules.ArchiveEnd, null, rest, "there is data behind the end marker, which nobody reads");
            }
        }
        catch (LayerFormatException e)
        {
            _run.ReportCut(VerifyRules.Archive, e.Entry is null ? null : WindowsPath.FromSlash(e.Entry), e.Offset, e.Reason);
        }
    }

    private bool Describe(TarHeader header)
    {
        string name = Normalize(header.Name);
        if (name.Length == 0 && header.TypeFlag == TarTypeFlag.Directory)
        {
            return false;
        }

        _entry.Reset();
        _entry.Name = name;
        _entry.Header = header;
        _entry.Offset = _tar.HeaderOffset;
        _entry.Kind = KindOf(header, name);
        _entry.Target = TargetOf(header, name);
        _entry.Size = _entry.Kind == VerifyEntryKind.File ? header.Size : 0;
        _entry.HasSafeName = WindowsPath.IsSafeRelative(_entry.Kind == VerifyEntryKind.Stream ? _entry.Target : name, out _);
        _entry.Info = ReadInfo(header, name);
        _entry.Security = header.Records.TryGet("MSWINDOWS.rawsd"u8, out ReadOnlySpan<byte> raw) ? _run.Security.Of(raw, raw: false)
            : header.Records.TryGet("MSWINDOWS.sd"u8, out ReadOnlySpan<byte> text) ? SecurityVerdict.OfSddl(Wtf8.GetString(text))
            : null;
        if (_entry.Kind == VerifyEntryKind.File && HiveFiles.Contains(name))
        {
            _entry.HiveProblem = HiveFiles.FindProblem(_tar.Data, _cancellationToken);
        }

        return true;
    }

    private static VerifyEntryKind KindOf(TarHeader header, string name)
    {
        if (name.AsSpan(name.LastIndexOf('\\') + 1).StartsWith(WhiteoutName.Prefix))
        {
            return VerifyEntryKind.Whiteout;
        }

        switch (header.TypeFlag)
        {
            case TarTypeFlag.HardLink:
                return VerifyEntryKind.HardLink;
            case TarTypeFlag.SymbolicLink:
                return VerifyEntryKind.ReparsePoint;
            case TarTypeFlag.Directory:
                return VerifyEntryKind.Directory;
            case TarTypeFlag.RegularFile or TarTypeFlag.ContiguousFile:
                bool stream = name.Contains(':') && !IsRooted(name);
                return stream ? VerifyEntryKind.Stream : VerifyEntryKind.File;
            default:
                return VerifyEntryKind.Special;
        }
    }

    private string TargetOf(TarHeader header, string name)
    {
        switch (_entry.Kind)
        {
            case VerifyEntryKind.HardLink:
                return Normalize(header.LinkName);
            case VerifyEntryKind.ReparsePoint:
                return header.LinkName;
            case VerifyEntryKind.Stream:
                return name[..name.IndexOf(':', StringComparison.Ordinal)];
            case VerifyEntryKind.Whiteout:
                int start = name.LastIndexOf('\\') + 1;
                string hidden = name[(start + WhiteoutName.Prefix.Length)..];
                return hidden.Length == 0 || hidden.StartsWith(WhiteoutName.Prefix, StringComparison.Ordinal) ? "" : name[..start] + hidden;
            default:
                return "";
        }
    }

    private static LayerFileInfo? ReadInfo(TarHeader header, string name)
    {
        try
        {
            return LayerTarRecords.ReadInfo(header, name);
        }
        catch (LayerFormatException)
        {
            return null;
        }
    }

    /// <summary>As the reader of layers does it: backslashes, without <c>./</c> before and a slash behind.</summary>
    private static string Normalize(string tarName)
    {
        string name = WindowsPath.FromSlash(tarName);
        while (name.StartsWith(@".\", StringComparison.Ordinal))
        {
            name = name[2..];
        }

        name = name.Length > 1 && name[^1] == '\\' ? name[..^1] : name;
        return name == "." ? "" : name;
    }

    private static bool IsRooted(string name) => name.Length > 2 && name[1] == ':' && name[2] == '\\';

    /// <summary>Reads on to the end of the file: its digest is over all of it.</summary>
    /// <returns>Where the first byte is that is not zero; -1 where there is none.</returns>
    private long FindData()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long at = _tar.Position;
            long found = -1;
            int got;
            while ((got = _content.Read(buffer)) > 0)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                int index = found < 0 ? buffer.AsSpan(0, got).IndexOfAnyExcept((byte)0) : -1;
                found = index >= 0 ? at + index : found;
                at += got;
            }

            return found;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
