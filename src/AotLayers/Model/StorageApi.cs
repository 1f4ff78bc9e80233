using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>Which library's calls are made where both have one (docs/windows/computestorage.md#which-library).</summary>
public enum StorageApi
{
    /// <summary>Those of <c>vmcompute.dll</c>; where it lacks one that <c>computestorage.dll</c> has, that one.</summary>
    Auto,

    /// <summary>Those of <c>vmcompute.dll</c>, which all builds and most tools have.</summary>
    Vmcompute,

    /// <summary>Those of <c>computestorage.dll</c>, which are documented: Windows 10 1809, Server 2019 and later.</summary>
    Computestorage,
}

/// <summary>The rule behind <see cref="StorageApi.Auto"/>, and the documents of the other library.</summary>
internal static class StorageRoute
{
    /// <summary>Whether a step goes by computestorage.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="layer">The layer, which says what is wanted.</param>
    /// <param name="vmcompute">The export of vmcompute that makes the step.</param>
    /// <param name="computestorage">The export of computestorage that makes it.</param>
    public static bool IsComputestorage(HcsMachine machine, LayerLocation layer, string vmcompute, string computestorage) =>
        layer.Api switch
        {
            StorageApi.Vmcompute => false,
            StorageApi.Computestorage => true,
            _ => machine.Vmcompute.Probe(vmcompute) != ExportStatus.Present
                && machine.Computestorage.Probe(computestorage) == ExportStatus.Present,
        };

    /// <summary>The document with a layer's parents. Their ids are those of NameToGuid, as for vmcompute: a layer has one id.</summary>
    /// <exception cref="LayerException">NameToGuid failed, or a path cannot be part of a document.</exception>
    public static string LayerData(HcsMachine machine, LayerLocation layer)
    {
        try
        {
            return StorageDocuments.LayerData(LayerErrors.DescribeParents(machine.Vmcompute, layer));
        }
        catch (ArgumentException e)
        {
            throw new LayerException(e.Message, layer.ErrorContext);
        }
    }
}
