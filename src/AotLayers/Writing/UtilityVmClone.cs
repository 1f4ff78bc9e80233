using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// The utility VM of a parent as the beginning of a layer's own: directories and links copied with their metadata, other files linked,
/// except those that finishing changes, which are copied so that the parent keeps its own
/// (docs/formats/import-rules.md#utility-vm).
/// </summary>
internal sealed class UtilityVmClone
{
    private readonly Win32WritableFolder _from;
    private readonly Win32WritableFolder _to;
    private readonly LayerErrorContext _place;
    private readonly byte[] _buffer;
    private readonly CancellationToken _cancellationToken;

    private UtilityVmClone(
        Win32WritableFolder from, Win32WritableFolder to, byte[] buffer, LayerErrorContext place, CancellationToken cancellationToken)
    {
        (_from, _to, _place) = (from, to, place);
        (_buffer, _cancellationToken) = (buffer, cancellationToken);
    }

    /// <summary>Clones <c>UtilityVM\Files</c> of a parent.</summary>
    /// <param name="kernel32">The calls.</param>
    /// <param name="parent">Path of the nearest parent.</param>
    /// <param name="to">The layer's folder, without a utility VM.</param>
    /// <param name="buffer">For copies.</param>
    /// <param name="place">For errors.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="LayerException">The parent has no utility VM, or a call failed.</exception>
    public static void Make(
        IKernel32 kernel32,
        string parent,
        Win32WritableFolder to,
        byte[] buffer,
        LayerErrorContext place,
        CancellationToken cancellationToken)
    {
        var from = new Win32WritableFolder(kernel32, LongPath.Absolute(kernel32, parent, place), place);
        if (!from.Has(LayerTops.UtilityVmFiles))
        {
            throw new LayerException(
                $"the parent {parent} has no utility VM for the layer's to begin with", place with { Entry = LayerTops.UtilityVm });
        }

        to.CreateDirectory(LayerTops.UtilityVm);
        new UtilityVmClone(from, to, buffer, place, cancellationToken).CloneAll();
    }

    private void CloneAll()
    {
        var pending = new Stack<string>();
        var made = new List<(string Name, LayerFileInfo Info)>();
        pending.Push(LayerTops.UtilityVmFiles);
        while (pending.TryPop(out string? directory))
        {
            made.Add((directory, Copy(directory, directory: true)));
            foreach (LayerFolderItem item in _from.List(directory))
            {
                _cancellationToken.ThrowIfCancellationRequested();
                string name = directory + "\\" + item.Name;
                if (item.IsRealDirectory)
                {
                    pending.Push(name);
                }
                else if ((item.Attributes & WindowsFileAttributes.ReparsePoint) != 0)
                {
                    Copy(name, (item.Attributes & WindowsFileAttributes.Directory) != 0);
                }
                else if (LayerTops.BootFile(name) is not null)
                {
                    Copy(name, directory: false);
                }
                else
                {
                    _to.Link(name, _from, name);
                }
            }
        }

        // What was made in them changed their times.
        for (int i = made.Count - 1; i >= 0; i--)
        {
            _to.SetInfo(made[i].Name, made[i].Info);
        }
    }

    private LayerFileInfo Copy(string name, bool directory)
    {
        LayerErrorContext place = _place with { Entry = name };
        using var source = Win32File.OpenForBackup(_from.Kernel32, _from.SafePath(name), place);
        LayerFileInfo info = source.GetInfo();
        using Stream stream = source.OpenBackup(security: true);
        if (directory)
        {
            _to.CreateDirectory(name);
        }

        using Win32File target = directory ? _to.OpenForRestore(name) : _to.CreateForRestore(name);
        using (var writer = new Win32BackupWriter(target, security: true))
        {
            int read;
            while ((read = stream.Read(_buffer)) > 0)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                writer.Write(_buffer.AsSpan(0, read));
            }

            writer.Finish();
        }

        target.SetInfo(info);
        target.Close();
        return info;
    }
}
