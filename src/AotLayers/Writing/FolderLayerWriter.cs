using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Writes a layer with parents: a transport folder, of which ImportLayer makes the layer; a utility VM right into the layer's folder
/// (docs/formats/import-rules.md#layers-with-parents).
/// </summary>
public sealed class FolderLayerWriter : FileLayerWriter
{
    private readonly TemporaryTransportFolder _transport;
    private readonly Win32WritableFolder _transportRoot;
    private readonly List<string> _tombstones = [];
    private bool _utilityVm;

    private FolderLayerWriter(
        HcsMachine machine,
        LayerLocation layer,
        LayerClaim claim,
        TemporaryTransportFolder transport,
        Win32WritableFolder transportRoot,
        CancellationToken cancellationToken)
        : base(machine, layer, claim, cancellationToken) => (_transport, _transportRoot) = (transport, transportRoot);

    /// <inheritdoc/>
    public override string Kind => "folder";

    /// <summary>Makes the layer's folder and a temporary one.</summary>
    /// <param name="machine">The calls. SeBackupPrivilege and SeRestorePrivilege are needed.</param>
    /// <param name="layer">The layer to make, which must not be there, and its parents.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerException">There is no parent, the layer is there already, or a call failed.</exception>
    public static FolderLayerWriter Begin(HcsMachine machine, LayerLocation layer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Parents.Count == 0)
        {
            throw new LayerException(
                "the folder writer makes a layer on parents",
                layer.ErrorContext,
                hint: "name its parents, nearest first, or use the base writer for a layer without any");
        }

        var claim = LayerClaim.Take(machine, layer);
        TemporaryTransportFolder? transport = null;
        try
        {
            transport = TemporaryTransportFolder.Create(machine.Kernel32, layer.ErrorContext);
            claim.NoteTransport(transport.Path);
            string root = LongPath.Absolute(machine.Kernel32, transport.Path, layer.ErrorContext);
            var folder = new Win32WritableFolder(machine.Kernel32, root, layer.ErrorContext);
            return new FolderLayerWriter(machine, layer, claim, transport, folder, cancellationToken);
        }
        catch
        {
            transport?.Remove();
            claim.GiveUp();
            throw;
        }
    }

    private protected override void WriteEntryCore(string name, in LayerFileInfo info, Stream backupStream)
    {
        LayerTops.RequireKnown(name);
        if (LayerTops.IsOrIsBelow(name, LayerTops.UtilityVm))
        {
            EnsureUtilityVm();
            WriteInLayer(name, info, backupStream, exists: MakeRoom(name, info));
        }
        else
        {
            WriteTransport(name, info, backupStream);
        }
    }

    private protected override void WriteTombstoneCore(string name)
    {
        if (!WindowsPath.IsBelow(name, LayerTops.UtilityVmFiles))
        {
            _tombstones.Add(name);
            return;
        }

        EnsureUtilityVm();
        if (!Claim.Root.RemoveTree(name))
        {
            throw new LayerException(
                "a tombstone of something that the parent's utility VM does not have", Place with { Entry = name });
        }
    }

    private protected override void CommitCore()
    {
        CancellationToken.ThrowIfCancellationRequested();
        LayerDescriptor[] parents = LayerErrors.DescribeParents(Machine.Vmcompute, Layer);
        DriverInfo driver = Layer.Driver;
        Claim.Processed = true;
        LayerErrors.Check(
            "ImportLayer",
            Machine.Vmcompute.ImportLayer(in driver, Layer.Id, _transport.Path, parents, (uint)parents.Length),
            Place);
        foreach (string name in _tombstones)
        {
            if (!Claim.Root.RemoveOne(name))
            {
                AddWarning($"{name}: the tombstone hides nothing that the parents have, and is not in the layer");
            }
        }

        MakeLinks();
        RestoreDirectoryTimes();
        if (_utilityVm)
        {
            ProcessUtilityVm();
        }

        Claim.Complete();
        ReturnBuffer();
        RemoveTransport();
    }

    private protected override void AbortCore()
    {
        RemoveTransport();
        base.AbortCore();
    }

    /// <summary>Below Files everything is attributes and a backup stream; a directory has them in a file beside it.</summary>
    private void WriteTransport(string name, in LayerFileInfo info, Stream backupStream)
    {
        foreach (Range part in name.AsSpan().Split('\\'))
        {
            if (name.AsSpan(part).EndsWith(TransportEntry.DirectoryMetadataSuffix, StringComparison.OrdinalIgnoreCase))
            {
                throw new LayerFormatException(
                    $"a transport folder has no place for a name that ends with {TransportEntry.DirectoryMetadataSuffix}", name);
            }
        }

        bool hive = WindowsPath.IsBelow(name, LayerTops.Hives) && !info.IsDirectory;
        if (info.IsDirectory)
        {
            _transportRoot.CreateDirectory(name);
        }

        using Win32File file = _transportRoot.CreateForContent(
            info.IsDirectory ? name + TransportEntry.DirectoryMetadataSuffix : name);
        if (hive)
        {
            WriteBackup(file, null, backupStream, security: false);
        }
        else
        {
            WriteContent(file, info.FileAttributes, backupStream);
        }

        // The attributes of a transport file mean nothing (docs/formats/transport-folder.md#files-with-a-prefix).
        file.SetInfo(info with { FileAttributes = 0 });
        file.Close();
        Remember(name, info);
    }

    private void WriteContent(Win32File file, uint attributes, Stream backupStream)
    {
        Span<byte> prefix = stackalloc byte[TransportEntry.PrefixSize];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(prefix, attributes);
        file.Write(prefix);
        byte[] buffer = Buffer;
        int read;
        while ((read = ReadPiece(backupStream, buffer)) > 0)
        {
            file.Write(buffer.AsSpan(0, read));
        }
    }

    /// <summary>The first entry of a utility VM brings that of the nearest parent along.</summary>
    private void EnsureUtilityVm()
    {
        if (!_utilityVm)
        {
            _utilityVm = true;
            UtilityVmClone.Make(Machine.Kernel32, Layer.Parents[0], Claim.Root, Buffer, Place, CancellationToken);
        }
    }

    /// <summary>
    /// What was cloned makes room for an entry: a file always, so that the parent's is not changed through its link; a directory where it
    /// becomes one of another kind.
    /// </summary>
    /// <returns>Whether the directory is there, to get the entry's metadata.</returns>
    private bool MakeRoom(string name, in LayerFileInfo info)
    {
        if (Claim.Root.Attributes(name) is not { } there)
        {
            return false;
        }

        const uint Kind = WindowsFileAttributes.Directory | WindowsFileAttributes.ReparsePoint;
        if (info.IsDirectory && (there & Kind) == (info.FileAttributes & Kind))
        {
            return true;
        }

        Claim.Root.RemoveTree(name);
        return false;
    }

    /// <summary>Within the layer where it has the target; otherwise to the nearest parent that has it.</summary>
    private void MakeLinks()
    {
        if (Links.Count == 0)
        {
            return;
        }

        var parents = new Win32WritableFolder[Layer.Parents.Count];
        for (int i = 0; i < parents.Length; i++)
        {
            string path = LongPath.Absolute(Machine.Kernel32, Layer.Parents[i], Place);
            parents[i] = new Win32WritableFolder(Machine.Kernel32, path, Place);
        }

        var notYet = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (PendingLink link in Links)
        {
            notYet.Add(link.Name);
        }

        foreach (PendingLink link in Links)
        {
            // A link of its target's own name is that file of the parents again.
            bool own = (HasEntry(link.Target) || WindowsPath.IsBelow(link.Target, LayerTops.UtilityVm)) && !notYet.Contains(link.Target);
            Win32WritableFolder root = own ? Claim.Root
                : Array.Find(parents, parent => parent.Has(link.Target))
                    ?? throw new LayerException(
                        $"neither the layer nor a parent has '{link.Target}' to make a hard link to", Place with { Entry = link.Name });
            Claim.Root.RemoveOne(link.Name);
            Claim.Root.Link(link.Name, root, link.Target);
            notYet.Remove(link.Name);
        }
    }

    private void RemoveTransport()
    {
        if (_transport.Remove() is { } problem)
        {
            AddWarning($"the temporary folder {_transport.Path} could not be removed: {problem}");
        }
    }
}
