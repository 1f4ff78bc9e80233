namespace AotLayers.Interop;

/// <summary>
/// The field points to the program's data that a library has yet to read, and the library moves it on as it reads (<c>next_in</c> of
/// <c>z_stream</c>). What a call read is recorded by how far it moved the field; a replay compares those bytes with the program's and
/// moves the field as far.
/// </summary>
/// <param name="remaining">Name of the integer field that counts the bytes left (<c>avail_in</c>).</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class InputCursorAttribute(string remaining) : Attribute
{
    /// <summary>Name of the integer field that counts the bytes left.</summary>
    public string Remaining { get; } = remaining;
}
