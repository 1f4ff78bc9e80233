using System.Globalization;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>
/// Looks at a layer's folder: what belongs to a layer (docs/formats/base-layer.md#what-finishing-makes), what of it is there, and whether
/// its registry hives are some.
/// </summary>
internal sealed class LayerExamination
{
    private const string Files = "Files";
    private const string Hives = "Hives";
    private const string UtilityVmFiles = @"UtilityVM\Files";
    private const string BootConfiguration = @"UtilityVM\Files\EFI\Microsoft\Boot\BCD";
    private const string Config = @"Files\Windows\System32\config\";
    private const string Sandbox = "sandbox.vhdx";
    private const string BlankBase = "blank-base.vhdx";
    private const string Layout = "layout";
    private const int MostHives = 64;

    private static readonly string[] s_plain =
    [
        Files, Hives, Layout, BlankBase, "blank.vhdx", Sandbox, "layerchain.json", "uvmbuildversion", UtilityVmFiles,
        @"UtilityVM\SystemTemplateBase.vhdx", @"UtilityVM\SystemTemplate.vhdx",
    ];

    private readonly ILayerFolder _folder;
    private readonly List<DoctorArtefact> _artefacts = [];
    private readonly List<string> _problems = [];

    private LayerExamination(ILayerFolder folder) => _folder = folder;

    public static DoctorLayer Run(HcsMachine? machine, LayerLocation layer)
    {
        bool? exists = null;
        try
        {
            ILayerFolder folder = machine is null
                ? new PortableFolder(layer.Path)
                : new Win32Folder(machine.Kernel32, layer.Path, layer.ErrorContext);
            exists = Exists(machine, layer);
            var examination = new LayerExamination(folder);
            examination.Look();
            examination.LookForParents(machine, layer);
            return new DoctorLayer
            {
                Path = layer.Path,
                Exists = exists,
                Kind = examination.Kind(exists),
                Artefacts = examination._artefacts,
                Problems = examination._problems,
            };
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            return new DoctorLayer { Path = layer.Path, Exists = exists, Kind = "unknown", Artefacts = [], Problems = [e.Message] };
        }
    }

    private static bool? Exists(HcsMachine? machine, LayerLocation layer)
    {
        DriverInfo driver = layer.Driver;
        return machine?.Vmcompute.Probe("LayerExists") == ExportStatus.Present
            && HResult.Succeeded(machine.Vmcompute.LayerExists(in driver, layer.Id, out uint exists))
            ? exists != 0
            : null;
    }

    private void Look()
    {
        foreach (string name in s_plain)
        {
            Add(name, _folder.Exists(name) ? "present" : "absent");
        }

        LookAtHive(BootConfiguration, onlyWhen: IsThere(UtilityVmFiles));
        foreach (string hive in (string[])["DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM"])
        {
            LookAtHive(Config + hive, onlyWhen: IsThere(Layout) || IsThere(BlankBase) || _folder.Exists(Config + hive));
        }

        if (IsThere(Hives))
        {
            foreach (LayerFolderItem item in _folder.List(Hives).Take(MostHives))
            {
                LookAtHive(Hives + "\\" + item.Name, onlyWhen: !item.IsRealDirectory);
            }
        }
    }

    private void LookForParents(HcsMachine? machine, LayerLocation layer)
    {
        foreach (string parent in layer.Parents)
        {
            if (Exists(machine, layer with { Id = parent, Parents = [] }) == false)
            {
                _problems.Add($"the parent {parent} is not there");
            }
        }
    }

    private string Kind(bool? exists)
    {
        if (IsThere(Sandbox))
        {
            return "scratch layer";
        }

        if (!_artefacts.Exists(static artefact => artefact.State != "absent"))
        {
            _problems.Add(exists == true ? "the folder has nothing of a layer" : "there is no layer of that path");
            return "no layer";
        }

        if (!IsThere(Files))
        {
            _problems.Add("it has no Files folder");
            return "no Windows layer";
        }

        bool finished = IsThere(Layout) && IsThere(BlankBase);
        if (IsThere(Layout) != IsThere(BlankBase))
        {
            _problems.Add("it was finished half-way: one of layout and blank-base.vhdx is missing. Remove what is generated, and finish "
                + "it again");
        }

        return finished ? "base layer, finished"
            : HasHive("_BASE") ? "base layer, not finished"
            : HasHive("_DELTA") ? "layer on a parent"
            : "base layer, not finished, or a layer on a parent without changes to the registry";
    }

    private void LookAtHive(string name, bool onlyWhen)
    {
        if (!onlyWhen)
        {
            return;
        }

        if (!_folder.Exists(name))
        {
            Add(name, "absent");
            return;
        }

        try
        {
            using ILayerFile file = _folder.Open(name);
            Stream content = file.OpenContent(0);
            if (content.Length == 0)
            {
                Add(name, "empty");
                _problems.Add($"{name} is empty: newer Windows answers 0x800703f1 (ERROR_BADDB) when a layer is made on it");
                return;
            }

            byte[] block = new byte[RegistryHive.BaseBlockSize];
            int read = content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            RegistryHiveInfo hive = RegistryHive.ReadBaseBlock(block.AsSpan(0, read));
            long size = RegistryHive.BaseBlockSize + (long)hive.BinsSize;
            if (content.Length < size)
            {
                throw new LayerFormatException(
                    string.Create(CultureInfo.InvariantCulture, $"the hive is cut: {content.Length} bytes of {size}"));
            }

            Add(name, "valid", hive.IsDirty ? "not closed cleanly: its log belongs to it" : null);
        }
        catch (LayerFormatException e)
        {
            Add(name, "damaged", e.Reason);
            _problems.Add($"{name} is no valid registry hive: {e.Reason}");
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            Add(name, "unreadable", e.Message);
            _problems.Add($"{name} cannot be read: {e.Message}");
        }
    }

    private void Add(string name, string state, string? detail = null) =>
        _artefacts.Add(new DoctorArtefact { Name = name, State = state, Detail = detail });

    private bool HasHive(string ending) => _artefacts.Exists(artefact =>
        artefact.Name.StartsWith(Hives, StringComparison.Ordinal) && artefact.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private bool IsThere(string name) => _artefacts.Exists(artefact => artefact.Name == name && artefact.State != "absent");
}
