namespace AotLayers.Native;

/// <summary>A call that the C interface itself refuses, with the code to return.</summary>
internal sealed unsafe class NativeCallException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="code">One of <see cref="ResultCodes"/>.</param>
    /// <param name="message">What is wrong, naming parameters as the header does.</param>
    public NativeCallException(int code, string message)
        : base(message) => HResult = code;

    /// <summary>Refuses a NULL.</summary>
    public static void ThrowIfNull(void* pointer, string name)
    {
        if (pointer is null)
        {
            throw new NativeCallException(ResultCodes.Pointer, $"{name} is NULL");
        }
    }
}
