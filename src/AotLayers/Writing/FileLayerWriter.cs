using System.Buffers;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// What the writers that work with file calls have in common: the layer's folder, entries written with BackupWrite, links that are made
/// when all files are there, and the times of directories, which everything before changed.
/// </summary>
public abstract class FileLayerWriter : LayerWriter
{
    private const int BufferSize = 128 * 1024;

    private readonly List<DirectoryTimes> _directories = [];
    private readonly List<PendingLink> _links = [];
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);

    private protected FileLayerWriter(HcsMachine machine, LayerLocation layer, LayerClaim claim, CancellationToken cancellationToken)
        : base(layer.ErrorContext, cancellationToken) => (Machine, Layer, Claim) = (machine, layer, claim);

    private protected HcsMachine Machine { get; }

    private protected LayerLocation Layer { get; }

    /// <summary>The layer's folder.</summary>
    private protected LayerClaim Claim { get; }

    private protected byte[] Buffer => _buffer ?? throw new ObjectDisposedException(GetType().FullName);

    /// <summary>Links that were asked for, in order.</summary>
    private protected IReadOnlyList<PendingLink> Links => _links;

    private protected override void WriteHardLinkCore(string name, string target)
    {
        if (!IsLinkable(name) || !IsLinkable(target))
        {
            throw new LayerException(
                $"a hard link to '{target}': links are possible below Files and UtilityVM\\Files only", Place with { Entry = name });
        }

        _links.Add(new PendingLink(name, target));
    }

    /// <summary>The directory gets its times again when all is written.</summary>
    private protected void Remember(string name, in LayerFileInfo info)
    {
        if (info.IsDirectory)
        {
            _directories.Add(new DirectoryTimes(name, info));
        }
    }

    /// <summary>Writes an entry with all its metadata where the layer has it.</summary>
    private protected void WriteInLayer(string name, in LayerFileInfo info, Stream backupStream, bool exists)
    {
        Win32WritableFolder root = Claim.Root;
        if (info.IsDirectory && !exists)
        {
            root.CreateDirectory(name);
        }

        using Win32File file = info.IsDirectory ? root.OpenForRestore(name) : root.CreateForRestore(name);
        string? boot = LayerTops.BootFile(name);
        using Win32File? copy = boot is null ? null : root.CreateForContent(boot + ".bak");
        WriteBackup(file, copy, backupStream, security: true);
        file.SetInfo(info);
        file.Close();
        copy?.Close();
        Remember(name, info);
    }

    /// <summary>Writes a backup stream to a file, and perhaps its data to another one.</summary>
    private protected void WriteBackup(Win32File file, Win32File? copy, Stream backupStream, bool security)
    {
        using var stream = new Win32BackupWriter(file, security);
        using Win32BackupWriter? second = copy is null ? null : new Win32BackupWriter(copy, security: false);
        byte[] buffer = Buffer;
        int read;
        while ((read = ReadPiece(backupStream, buffer)) > 0)
        {
            stream.Write(buffer.AsSpan(0, read));
            second?.Write(buffer.AsSpan(0, read));
        }

        stream.Finish();
        second?.Finish();
    }

    /// <summary>Gives the directories their times, those below others first.</summary>
    private protected void RestoreDirectoryTimes()
    {
        for (int i = _directories.Count - 1; i >= 0; i--)
        {
            Claim.Root.SetInfo(_directories[i].Name, _directories[i].Info);
        }
    }

    /// <summary>ProcessUtilityImage, where the layer has a utility VM.</summary>
    private protected void ProcessUtilityVm()
    {
        LayerErrorContext place = Place with { Entry = LayerTops.UtilityVm };
        if (Claim.Root.Attributes(LayerTops.UtilityVm) is not { } attributes || !new LayerFolderItem("", attributes, 0).IsRealDirectory)
        {
            throw new LayerException("the utility VM is no directory", place);
        }

        LayerErrors.Check(
            "ProcessUtilityImage", Machine.Vmcompute.ProcessUtilityImage(Layer.Path + "\\" + LayerTops.UtilityVm), place);
    }

    private protected override void AbortCore()
    {
        ReturnBuffer();
        if (Claim.GiveUp() is { } problem)
        {
            AddWarning($"what was made of the layer could not be removed, the next import of it will: {problem}");
        }
    }

    private protected void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsLinkable(string name) =>
        WindowsPath.IsBelow(name, LayerTops.Files) || WindowsPath.IsBelow(name, LayerTops.UtilityVmFiles);

    private sealed class DirectoryTimes(string name, LayerFileInfo info)
    {
        public string Name => name;

        public LayerFileInfo Info => info;
    }

    /// <summary>A hard link that is yet to be made.</summary>
    private protected sealed class PendingLink(string name, string target)
    {
        public string Name => name;

        public string Target => target;
    }
}
