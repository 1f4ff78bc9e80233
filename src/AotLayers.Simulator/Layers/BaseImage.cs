namespace AotLayers.Simulator;

/// <summary>
/// What finishing a base layer adds to its folder (docs/formats/base-layer.md#what-finishing-makes): the names; the contents are Windows'
/// own.
/// </summary>
internal static class BaseImage
{
    public const string BlankBase = "blank-base.vhdx";
    public const string Layout = "layout";

    private static readonly string[] s_hives = ["SYSTEM_BASE", "SOFTWARE_BASE", "SAM_BASE", "SECURITY_BASE", "DEFAULTUSER_BASE"];

    private static readonly string[] s_bootConfiguration = [LayerTops.Files, "EFI", "Microsoft", "Boot", "BCD"];

    /// <summary>What ProcessBaseImage adds.</summary>
    public static void Finish(SimulatedNode root)
    {
        AddFile(root, BlankBase);
        AddFile(root, "blank.vhdx");
        AddHives(root);
        AddFile(root, Layout);
    }

    /// <summary>What ProcessUtilityImage adds, and changes: the boot configuration, here by a few bytes at its end.</summary>
    public static void FinishUtilityVm(SimulatedNode utilityVm)
    {
        AddFile(utilityVm, "SystemTemplateBase.vhdx");
        AddFile(utilityVm, "SystemTemplate.vhdx");
        SimulatedNode? configuration = s_bootConfiguration.Aggregate((SimulatedNode?)utilityVm, (node, name) => node?.Find(name));
        if (configuration?.File is { IsDirectory: false, Data: { } data } file)
        {
            file.Data = new JoinedContent([data, new BytesContent("processed"u8.ToArray())]);
            (file.Sparse, file.Original) = (null, null);
        }
    }

    /// <summary>The base hives.</summary>
    public static void AddHives(SimulatedNode root)
    {
        SimulatedNode hives = root.Find(LayerTops.Hives)
            ?? root.Add(new SimulatedNode(LayerTops.Hives, LayerDefaults.Standard.Directory()) { Sealed = true });
        foreach (string name in s_hives)
        {
            AddFile(hives, name);
        }
    }

    /// <summary>An empty file, where there is none of the name.</summary>
    public static void AddFile(SimulatedNode folder, string name)
    {
        if (folder.Find(name) is null)
        {
            folder.Add(new SimulatedNode(name, LayerDefaults.Standard.File(ContentSource.Empty)) { Sealed = true });
        }
    }
}

/// <summary>
/// What a new scratch layer holds: its disk, and on it the layer's top folders with the hives that Windows always exports
/// (docs/formats/transport-folder.md#tree).
/// </summary>
internal static class ScratchLayer
{
    public const string Disk = "sandbox.vhdx";

    private static readonly string[] s_hives = ["System_Delta", "Software_Delta", "Sam_Delta", "Security_Delta", "DefaultUser_Delta"];

    public static void Fill(SimulatedNode root)
    {
        BaseImage.AddFile(root, Disk);
        root.Add(new SimulatedNode(LayerTops.Files, LayerDefaults.Standard.Directory()) { Sealed = true });
        SimulatedNode hives = root.Add(new SimulatedNode(LayerTops.Hives, LayerDefaults.Standard.Directory()) { Sealed = true });
        foreach (string name in s_hives)
        {
            BaseImage.AddFile(hives, name);
        }
    }
}
