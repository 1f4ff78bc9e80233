using AotLayers.Hcs;

namespace AotLayers;

/// <content>Making a base layer of a folder.</content>
public sealed partial class Layer
{
    /// <summary>Left by an earlier run that did not come to its end.</summary>
    private const uint FileExists = 80;

    /// <summary>
    /// Finishes a folder with <c>Files</c> as a base layer (ProcessBaseImage), and with <c>UtilityVM\Files</c> its utility VM
    /// (ProcessUtilityImage). What needs to
    /// be there is checked first, because ProcessBaseImage is neither atomic nor repeatable.
    /// </summary>
    /// <exception cref="LayerException">The folder lacks something, or a call failed.</exception>
    public void MakeBase()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        string path = _location.Path;
        RequireFolder(@"Files");
        bool utilityVm = IsThere(path + @"\UtilityVM\Files");
        if (utilityVm)
        {
            RequireFolder(@"UtilityVM\Files");
            if (!IsThere(path + @"\UtilityVM\Files\EFI\Microsoft\Boot\BCD"))
            {
                throw new LayerException(@"the utility VM has no UtilityVM\Files\EFI\Microsoft\Boot\BCD", Place);
            }
        }

        int hr = Vmcompute.ProcessBaseImage(path);
        Note("ProcessBaseImage", hr, null);
        if (HResult.Unwrap(hr) == FileExists)
        {
            throw new LayerException(
                HcsException.FromHResult("ProcessBaseImage", hr).Message,
                Place,
                HcsException.FromHResult("ProcessBaseImage", hr),
                "an earlier run made these files, or a part of them: remove blank*.vhdx, layout and Hives from the folder, or import "
                    + "the layer anew");
        }

        LayerErrors.Check("ProcessBaseImage", hr, Place);
        if (utilityVm)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Check("ProcessUtilityImage", Vmcompute.ProcessUtilityImage(path + @"\UtilityVM"));
        }
    }

    private void RequireFolder(string name)
    {
        const uint Directory = 0x10;
        const uint ReparsePoint = 0x400;
        uint? attributes = Attributes(_location.Path + "\\" + name);
        if (attributes is null || (attributes & Directory) == 0 || (attributes & ReparsePoint) != 0)
        {
            throw new LayerException($"{name} of the layer is {(attributes is null ? "missing" : "no folder of its own")}", Place);
        }
    }
}
