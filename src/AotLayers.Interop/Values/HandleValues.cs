using System.Runtime.InteropServices;

namespace AotLayers.Interop;

/// <summary>
/// Which values of a handle's place are no handles, and how handles pass between their types and the pointer-sized value that is looked
/// up.
/// </summary>
public static class HandleValues
{
    /// <summary>The value of a safe handle, zero for null.</summary>
    public static nint Of(SafeHandle? handle) => handle?.DangerousGetHandle() ?? 0;

    /// <summary>
    /// Puts a replay's value into a safe handle. Nothing native stands behind it, so that it is never released: the P/Invoke that would
    /// do it may not even find its library.
    /// </summary>
    public static T Replayed<T>(T handle, nint value)
        where T : SafeHandle
    {
        ArgumentNullException.ThrowIfNull(handle);
        Marshal.InitHandle(handle, value);
        handle.SetHandleAsInvalid();
        return handle;
    }

    /// <summary>Puts a caller's value into a safe handle for one call: the handle stays the caller's and is not released here.</summary>
    public static T Lent<T>(T handle, nint value)
        where T : SafeHandle
    {
        ArgumentNullException.ThrowIfNull(handle);
        Marshal.InitHandle(handle, value);

        // A reference that is never given back: the last one would release it.
        bool isAdded = false;
        handle.DangerousAddRef(ref isAdded);
        return handle;
    }

    /// <summary>The value of a safe handle, which from now on is the caller's to release; zero for null.</summary>
    public static nint Given(SafeHandle? handle)
    {
        nint value = Of(handle);
        handle?.SetHandleAsInvalid();
        return value;
    }

    /// <summary>A value that no handle can have: it is recorded as it is.</summary>
    internal static bool IsPlain(nint value, ReadOnlySpan<long> plain) => plain.IsEmpty ? value is 0 or -1 : plain.Contains(value);
}
