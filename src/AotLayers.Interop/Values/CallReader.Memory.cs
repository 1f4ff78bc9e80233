using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <content>What pointers pointed to, put into memory of the replay.</content>
public readonly partial struct CallReader
{
    /// <summary>Reads what <see cref="CallWriter.LibraryText"/> wrote into memory that lives with a handle, or with the replay.</summary>
    /// <param name="name">Name of the value.</param>
    /// <param name="owner">Value of the handle, or 0. Inside a callback the memory lives until the callback returns.</param>
    /// <param name="encoding">Encoding of the text.</param>
    /// <returns>Pointer to NUL-terminated text, or 0.</returns>
    public nint LibraryText(string? name, nint owner, NativeTextEncoding encoding)
    {
        BoundedJsonValue value = Get(name);
        return value.Kind == JsonValueKind.Null ? 0 : _call.Store(owner, TextBytes(name, value, encoding));
    }

    /// <summary>Reads what <see cref="CallWriter.LibraryTexts"/> wrote: an array of pointers to texts, closed by a null pointer.</summary>
    /// <param name="name">Name of the value.</param>
    /// <param name="owner">As of <see cref="LibraryText"/>.</param>
    /// <param name="encoding">Encoding of the texts.</param>
    /// <returns>Pointer to the array, or 0.</returns>
    public nint LibraryTexts(string? name, nint owner, NativeTextEncoding encoding)
    {
        if (IsNull(name))
        {
            return 0;
        }

        CallReader items = Array(name);
        nint[] pointers = new nint[items.Count + 1];
        for (int i = 0; i < items.Count; i++)
        {
            pointers[i] = items[i].LibraryText(null, owner, encoding);
        }

        return _call.Store(owner, System.Runtime.InteropServices.MemoryMarshal.AsBytes(pointers.AsSpan()));
    }

    /// <summary>Reads what <see cref="CallWriter.LibraryMemory"/> wrote into memory that lives with a handle, or with the replay.</summary>
    /// <param name="name">Name of the value.</param>
    /// <param name="owner">As of <see cref="LibraryText"/>.</param>
    /// <returns>Pointer to the bytes, or 0.</returns>
    public nint LibraryMemory(string? name, nint owner)
    {
        BoundedJsonValue value = Get(name);
        return value.Kind == JsonValueKind.Null ? 0
            : ValueForms.Length(value) < 0 ? throw Wrong(name, "a buffer or null")
            : _call.Store(owner, _call.Data(value));
    }

    /// <summary>
    /// Reads a handle that is text: the handle's value in this replay is the address of its text, which lives until the handle ends.
    /// </summary>
    /// <param name="name">Name of the value.</param>
    /// <param name="kind">Kind of the handle.</param>
    /// <param name="encoding">Encoding of the text.</param>
    public nint ProducedText(string name, string kind, NativeTextEncoding encoding)
    {
        if (IsNull(name))
        {
            return 0;
        }

        string text = CallWriter.TextOf(name);
        return _call.MakeAt(Symbol(name), kind, TextBytes(text, Get(text), encoding));
    }

    /// <summary>
    /// Reads a handle that came with a callback: the value that it has in this replay. The callback may come within the call that ends
    /// it.
    /// </summary>
    public nint Passed(string? name, string kind) => IsNull(name) ? 0 : _call.Passed(Symbol(name), kind);

    /// <summary>Moves a cursor over the program's data as far as the recorded call did, and compares what it read.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="cursor">Where the cursor stands.</param>
    /// <param name="available">How many bytes of the program's lie there.</param>
    /// <returns>Where it stands afterwards.</returns>
    /// <exception cref="ReplayMismatchException">The program's data is not what was read when the recording was made.</exception>
    public unsafe nint MoveInput(string? name, nint cursor, ulong available)
    {
        BoundedJsonValue value = Get(name);
        long length = Length(name, value);
        if (length == 0)
        {
            return cursor;
        }

        if (cursor == 0 || (ulong)length > available)
        {
            throw _call.Departs($"in.{name}", $"{length} bytes, which the recorded call read", $"{(cursor == 0 ? 0 : available)} bytes");
        }

        ReadOnlySpan<byte> data = new((void*)cursor, (int)length);
        if (value.Find("sha256"u8).TextOrNull() is string sha
            && Convert.ToHexStringLower(SHA256.HashData(data)) is var actual
            && sha != actual)
        {
            throw _call.Departs($"in.{name}", $"{length} bytes with SHA-256 {sha}", $"{length} bytes with SHA-256 {actual}");
        }

        return cursor + (nint)length;
    }

    /// <summary>Writes what the recorded call wrote to where a cursor stands.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="cursor">Where the cursor stands.</param>
    /// <param name="available">How many bytes of room lie there.</param>
    /// <returns>Where it stands afterwards.</returns>
    /// <exception cref="ReplayMismatchException">There is less room than there was when the recording was made.</exception>
    public unsafe nint MoveOutput(string? name, nint cursor, ulong available)
    {
        BoundedJsonValue value = Get(name);
        long length = Length(name, value);
        if (length == 0)
        {
            return cursor;
        }

        if (cursor == 0 || (ulong)length > available)
        {
            throw _call.Departs(
                $"in.{name}",
                $"room for {length} bytes, which the recorded call wrote",
                $"room for {(cursor == 0 ? 0 : available)} bytes");
        }

        _call.CopyData(value, new Span<byte>((void*)cursor, (int)length));
        return cursor + (nint)length;
    }

    /// <summary>
    /// Makes the room that <see cref="CallWriter.Room"/> told of, for a callback to fill; it lives until the callback returns.
    /// </summary>
    /// <returns>Pointer to zeroed bytes, or 0.</returns>
    public nint RoomToFill(string? name)
    {
        if (IsNull(name))
        {
            return 0;
        }

        long room = ValueForms.RoomOf(Get(name));
        return room is >= 0 and <= int.MaxValue ? _call.Store(0, new byte[room]) : throw Wrong(name, "room for a buffer");
    }

    private long Length(string? name, BoundedJsonValue value) =>
        ValueForms.Length(value) is >= 0 and <= int.MaxValue and var length ? length : throw Wrong(name, "a buffer");

    // With the NUL behind it.
    private byte[] TextBytes(string? name, BoundedJsonValue value, NativeTextEncoding encoding)
    {
        if (ValueForms.Length(value) >= 0)
        {
            return [.. _call.Data(value), 0];
        }

        string text = Text(name) ?? throw Wrong(name, "text");
        return (encoding == NativeTextEncoding.Utf16 ? Encoding.Unicode : Encoding.UTF8).GetBytes(text + '\0');
    }

    private string Symbol(string? name) => ValueForms.Symbol(Get(name)) ?? throw Wrong(name, "a handle");
}
