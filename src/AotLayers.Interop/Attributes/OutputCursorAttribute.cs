namespace AotLayers.Interop;

/// <summary>
/// The field points to room of the program that a library has yet to fill, and the library moves it on as it writes (<c>next_out</c> of
/// <c>z_stream</c>). What a call wrote is recorded by how far it moved the field; a replay writes those bytes and moves the field as far.
/// </summary>
/// <param name="remaining">Name of the integer field that counts the bytes left (<c>avail_out</c>).</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class OutputCursorAttribute(string remaining) : Attribute
{
    /// <summary>Name of the integer field that counts the bytes left.</summary>
    public string Remaining { get; } = remaining;
}
