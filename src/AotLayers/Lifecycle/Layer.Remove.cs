using AotLayers.Hcs;

namespace AotLayers;

/// <content>Removing, with its guards.</content>
public sealed partial class Layer
{
    private const int RemoveAttempts = 3;

    /// <summary>What a folder that is a layer holds at least one of.</summary>
    private static readonly string[] s_marks = ["Files", "Hives", "UtilityVM", "sandbox.vhdx", "layout", "blank-base.vhdx", "layer.cim"];

    /// <summary>
    /// Removes the layer and its folder for ever (DestroyLayer or HcsDestroyLayer), and makes sure that it has gone: Windows may say
    /// success and leave it.
    /// Tried up to three times
    /// while something holds it or it stays.
    /// </summary>
    /// <param name="force">Also a folder that does not look like a layer: one without any of the folders and disks that layers
    /// have.</param>
    /// <exception cref="LayerException">
    /// The path is that of a drive, there is no layer, it does not look like one, a call failed, or the layer is still there.
    /// </exception>
    public void Remove(bool force = false)
    {
        CheckRemovable(force);
        bool computestorage = StorageRoute.IsComputestorage(_machine, _location, "DestroyLayer", "HcsDestroyLayer");
        string call = computestorage ? "HcsDestroyLayer" : "DestroyLayer";
        DriverInfo driver = _location.Driver;
        for (int attempt = 1; ; attempt++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            int hr = computestorage
                ? _machine.Computestorage.HcsDestroyLayer(_location.Path)
                : Vmcompute.DestroyLayer(in driver, _location.Id);
            bool last = attempt == RemoveAttempts;
            if (HResult.Succeeded(hr))
            {
                bool gone = IsGone();
                Note(
                    call,
                    hr,
                    gone ? null : last ? "the layer is still there" : "the layer is still there; once more after a pause",
                    attempt);
                if (gone)
                {
                    return;
                }

                if (last)
                {
                    throw new LayerException(
                        $"{call} said success {RemoveAttempts} times, and the layer is still there",
                        Place,
                        hint: "a file of it is open, or this Windows build leaves it: unmount what uses it, and try again");
                }
            }
            else
            {
                bool again = !last && IsHeld(hr);
                Note(call, hr, again ? "something holds the layer; once more after a pause" : null, attempt);
                if (!again)
                {
                    LayerErrors.Check(call, hr, Place);
                }
            }

            Pause(_options.RemoveRetryDelay * attempt);
        }
    }

    private void CheckRemovable(bool force)
    {
        string path = _location.Path;
        string bare = path.StartsWith(@"\\?\", StringComparison.Ordinal) ? path[4..] : path;
        if (LayerDescriptors.IdName(bare) is "" or "." or ".." || bare.IndexOfAny(['\\', '/']) < 0 && bare.EndsWith(':'))
        {
            throw new LayerException("that is no layer's folder", Place);
        }

        if (!HasAny())
        {
            throw new LayerException("there is no such layer", Place);
        }

        if (!force && !s_marks.Any(mark => IsThere(path + "\\" + mark)))
        {
            throw new LayerException(
                $"the folder does not look like a layer: it has none of {string.Join(", ", s_marks)}",
                Place,
                hint: "what is removed is gone for ever: check the path, and force it if that is what you want");
        }
    }

    private bool IsGone() => !HasAny() && !IsThere(_location.Path);

    private bool IsThere(string path) => Attributes(path) is not null;

    /// <summary>Attributes of a path; null when there is nothing.</summary>
    private uint? Attributes(string path)
    {
        uint attributes = _machine.Kernel32.GetFileAttributesW(path);
        return attributes != Win32Constants.InvalidAttributes ? attributes
            : Win32Error.Last is Win32Constants.FileNotFound or Win32Constants.PathNotFound ? null
            : throw Win32Error.Of("GetFileAttributesW", path, Place);
    }

    // Access denied, sharing violation: an antivirus or a virtual machine that is about to end.
    private static bool IsHeld(int hr) => HResult.Unwrap(hr) is 5 or 32;
}
