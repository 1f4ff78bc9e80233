using System.Globalization;
using AotLayers.Hcs;

namespace AotLayers;

/// <content>Mounting and unmounting.</content>
public sealed partial class Layer
{
    private const int MountAttempts = 5;

    /// <summary>
    /// Mounts the layer: ActivateLayer, PrepareLayer, GetLayerMountPath. While Windows says that the device is not ready (0x80070015,
    /// 0x8007048f), the first two
    /// are tried up to five times. Two PrepareLayer calls of this process are never made at a time.
    /// </summary>
    /// <returns>A volume path (<c>\\?\Volume{...}</c>, without a separator at its end) for a scratch layer, the layer's folder for
    /// another one.</returns>
    /// <exception cref="LayerException">There is no parent, or a call failed; the layer is not mounted.</exception>
    public string Mount()
    {
        LayerDescriptor[] parents = Parents("mounting a layer");
        Attach(parents);
        try
        {
            _cancellationToken.ThrowIfCancellationRequested();
            return GetMountPath();
        }
        catch
        {
            DriverInfo driver = _location.Driver;
            Note("UnprepareLayer", Vmcompute.UnprepareLayer(in driver, _location.Id), "the mount is taken back");
            Note("DeactivateLayer", Vmcompute.DeactivateLayer(in driver, _location.Id), "the mount is taken back");
            throw;
        }
    }

    /// <summary>
    /// Unmounts the layer: UnprepareLayer, whose failure only the log sees when the layer goes off all the same, and DeactivateLayer.
    /// </summary>
    /// <exception cref="LayerException">DeactivateLayer failed; when UnprepareLayer failed before, the error is that one.</exception>
    public void Unmount()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        DriverInfo driver = _location.Driver;
        int unprepared = Vmcompute.UnprepareLayer(in driver, _location.Id);
        bool failed = !HResult.Succeeded(unprepared);
        Note("UnprepareLayer", unprepared, failed ? "perhaps it was not prepared" : null);
        int deactivated = Vmcompute.DeactivateLayer(in driver, _location.Id);
        Note("DeactivateLayer", deactivated, null);
        if (!HResult.Succeeded(deactivated))
        {
            LayerErrors.Check("UnprepareLayer", unprepared, Place);
            LayerErrors.Check("DeactivateLayer", deactivated, Place);
        }
    }

    /// <summary>Where the layer is mounted (GetLayerMountPath); empty when Windows has no path for it.</summary>
    /// <exception cref="LayerException">A call failed, or its answers do not agree.</exception>
    public string GetMountPath()
    {
        DriverInfo driver = _location.Driver;
        nuint length = 0;
        Check("GetLayerMountPath", Vmcompute.GetLayerMountPath(in driver, _location.Id, ref length, []));
        if (length == 0)
        {
            return "";
        }

        // NTFS knows no longer path.
        const int MaxPath = 32768;
        if (length > MaxPath)
        {
            throw new LayerException(
                string.Create(CultureInfo.InvariantCulture, $"GetLayerMountPath wants room for {length} characters"),
                Place);
        }

        char[] buffer = new char[(int)length];
        Check("GetLayerMountPath", Vmcompute.GetLayerMountPath(in driver, _location.Id, ref length, buffer));
        int end = Array.IndexOf(buffer, '\0');
        return new string(buffer, 0, end < 0 ? buffer.Length : end);
    }

    private void Attach(LayerDescriptor[] parents)
    {
        DriverInfo driver = _location.Driver;
        for (int attempt = 1; ; attempt++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            string call = "ActivateLayer";
            int hr = Vmcompute.ActivateLayer(in driver, _location.Id);
            if (HResult.Succeeded(hr))
            {
                Note(call, hr, null, attempt);
                call = "PrepareLayer";
                lock (PrepareLock)
                {
                    hr = Vmcompute.PrepareLayer(in driver, _location.Id, parents, (uint)parents.Length);
                }

                if (HResult.Succeeded(hr))
                {
                    Note(call, hr, null, attempt);
                    return;
                }
            }

            bool again = IsNotReady(hr) && attempt < MountAttempts;
            Note(call, hr, again ? "the device is not ready; once more after a pause" : null, attempt);
            if (call == "PrepareLayer")
            {
                Note("DeactivateLayer", Vmcompute.DeactivateLayer(in driver, _location.Id), "PrepareLayer failed", attempt);
            }

            if (!again)
            {
                LayerErrors.Check(call, hr, Place);
            }

            Pause(_options.MountRetryDelay);
        }
    }

    private static bool IsNotReady(int hr)
    {
        const uint NotReady = 21;
        const uint DeviceNotConnected = 1167;
        return HResult.Unwrap(hr) is NotReady or DeviceNotConnected;
    }
}
