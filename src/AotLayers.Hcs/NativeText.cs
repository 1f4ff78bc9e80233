namespace AotLayers.Hcs;

/// <summary>Checks strings on their way into native calls.</summary>
public static class NativeText
{
    /// <summary>
    /// Returns the text, which must not hold U+0000: the callee would see it cut there
    /// (docs/windows/vmcompute.md#strings-memory-and-results).
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="parameter">Name of the parameter, for the error.</param>
    /// <exception cref="ArgumentException">The text holds U+0000.</exception>
    public static string Require(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return text.Contains('\0') ? throw new ArgumentException("The text contains a NUL character.", parameter) : text;
    }
}
