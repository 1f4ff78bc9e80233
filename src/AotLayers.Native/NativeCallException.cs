using AotLayers.App;

namespace AotLayers.Native;

/// <summary>A call that the C interface itself refuses, with the code to return.</summary>
/// <param name="code">One of <see cref="ResultCodes"/>.</param>
/// <param name="message">What is wrong, naming parameters as the header does.</param>
internal sealed unsafe class NativeCallException(int code, string message) : RefusedException(code, message)
{
    /// <summary>Refuses a NULL.</summary>
    public static void ThrowIfNull(void* pointer, string name)
    {
        if (pointer is null)
        {
            throw new NativeCallException(ResultCodes.Pointer, $"{name} is NULL");
        }
    }
}
