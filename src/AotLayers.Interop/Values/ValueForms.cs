using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// The values that are more than JSON has: objects whose first key is one of the format's own. No field of a struct can be such a key,
/// since none begins with <c>$</c>: nothing is told from the look of a text.
/// </summary>
internal static class ValueForms
{
    /// <summary><c>{"$handle":"context#1"}</c>.</summary>
    public static ReadOnlySpan<byte> Handle => "$handle"u8;

    /// <summary><c>{"$pointer":"token#?1"}</c>: a pointer that one side keeps for the other, by its identity.</summary>
    public static ReadOnlySpan<byte> Pointer => "$pointer"u8;

    /// <summary><c>{"$bytes":5,"sha256":"…","data":"…"}</c>: a buffer, its length in bytes.</summary>
    public static ReadOnlySpan<byte> Bytes => "$bytes"u8;

    /// <summary><c>{"$room":16}</c>: the room of an out-buffer, in elements.</summary>
    public static ReadOnlySpan<byte> Room => "$room"u8;

    /// <summary><c>{"$u16":"d800"}</c>: UTF-16 that JSON cannot carry, four digits per unit.</summary>
    public static ReadOnlySpan<byte> Utf16 => "$u16"u8;

    /// <summary>The symbol of a handle, or null when the value is none.</summary>
    public static string? Symbol(JsonElement value) =>
        Find(value, Handle) is { ValueKind: JsonValueKind.String } symbol ? symbol.GetString() : null;

    /// <summary>The symbol of a pointer, or null when the value is none.</summary>
    public static string? PointerSymbol(JsonElement value) =>
        Find(value, Pointer) is { ValueKind: JsonValueKind.String } symbol ? symbol.GetString() : null;

    /// <summary>The length of a buffer in bytes, or -1 when the value is none.</summary>
    public static long Length(JsonElement value) => Number(value, Bytes);

    /// <summary>The room of a buffer in elements, or -1 when the value tells of none.</summary>
    public static long RoomOf(JsonElement value) => Number(value, Room);

    /// <summary>Text, or null when the value is neither a string nor <c>$u16</c>.</summary>
    public static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()
        : Find(value, Utf16) is { ValueKind: JsonValueKind.String } hex ? Utf16Text.FromHex(hex.GetString()!)
        : null;

    private static long Number(JsonElement value, ReadOnlySpan<byte> key) =>
        Find(value, key) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out long result) && result >= 0 ? result : -1;

    private static JsonElement? Find(JsonElement value, ReadOnlySpan<byte> key) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out JsonElement found) ? found : null;

    /// <inheritdoc cref="Symbol(JsonElement)"/>
    public static string? Symbol(BoundedJsonValue value) => value.Find(Handle).TextOrNull();

    /// <inheritdoc cref="PointerSymbol(JsonElement)"/>
    public static string? PointerSymbol(BoundedJsonValue value) => value.Find(Pointer).TextOrNull();

    /// <inheritdoc cref="Length(JsonElement)"/>
    public static long Length(BoundedJsonValue value) => Number(value.Find(Bytes));

    /// <inheritdoc cref="RoomOf(JsonElement)"/>
    public static long RoomOf(BoundedJsonValue value) => Number(value.Find(Room));

    /// <inheritdoc cref="Text(JsonElement)"/>
    public static string? Text(BoundedJsonValue value) =>
        value.TextOrNull() ?? (value.Find(Utf16).TextOrNull() is string hex ? Utf16Text.FromHex(hex) : null);

    private static long Number(BoundedJsonValue value) => value.TryNumber(out long number) && number >= 0 ? number : -1;
}
