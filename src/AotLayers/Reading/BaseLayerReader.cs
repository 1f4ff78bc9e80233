using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Reads a layer without parents right from its folder, with BackupRead (docs/formats/base-layer.md#walk): <c>Files</c>, then
/// <c>UtilityVM\Files</c> when it is there. Hard links are known, so that a tar can keep them.
/// </summary>
public sealed class BaseLayerReader : FolderLayerReader
{
    private const string Files = "Files";
    private const string UtilityVm = "UtilityVM";
    private const string UtilityVmFiles = @"UtilityVM\Files";

    private BaseLayerReader(ILayerFolder folder, LayerErrorContext context, CancellationToken cancellationToken)
        : base(folder, context, cancellationToken)
    {
    }

    /// <inheritdoc/>
    public override string Kind => "base";

    internal override bool IsOfCalls => true;

    /// <summary>Opens a base layer.</summary>
    /// <param name="kernel32">The calls. BackupRead needs SeBackupPrivilege for files that the user may not read.</param>
    /// <param name="layer">What to read; the parents must be none.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="LayerException">The folder is not a base layer.</exception>
    public static BaseLayerReader Open(IKernel32 kernel32, LayerLocation layer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(kernel32);
        ArgumentNullException.ThrowIfNull(layer);
        LayerErrorContext context = layer.ErrorContext;
        if (layer.Parents.Count > 0)
        {
            throw new LayerException(
                "the base reader reads a layer without parents",
                context,
                hint: "use the folder reader, or give no parent");
        }

        var folder = new Win32Folder(kernel32, layer.Path, context);
        return folder.Exists(Files)
            ? new BaseLayerReader(folder, context, cancellationToken)
            : throw new LayerException(
                "the layer has no Files directory",
                context,
                hint: "a base layer folder holds Files and perhaps UtilityVM; a layer made on another one needs its parents");
    }

    private protected override IEnumerable<LayerFolderEntry> Walk()
    {
        var directory = new LayerFolderItem("", Formats.WindowsFileAttributes.Directory, 0);
        yield return new LayerFolderEntry(Files, directory);
        foreach (LayerFolderEntry entry in Below(Files))
        {
            yield return entry;
        }

        if (!Folder.Exists(UtilityVmFiles))
        {
            yield break;
        }

        yield return new LayerFolderEntry(UtilityVm, directory);
        yield return new LayerFolderEntry(UtilityVmFiles, directory);
        foreach (LayerFolderEntry entry in Below(UtilityVmFiles))
        {
            yield return entry;
        }
    }

    private protected override LayerEntry Describe(LayerFolderEntry entry, ILayerFile file)
    {
        LayerFolderItem item = entry.Item!.Value;
        LayerLinks? links = item.IsRealDirectory ? null : file.GetLinks();
        return new LayerEntry(entry.Name, item.Size, file.GetInfo(), links, () => file.OpenBackup(security: true));
    }
}
