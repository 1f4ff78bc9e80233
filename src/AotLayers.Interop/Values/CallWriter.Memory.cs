using System.Runtime.InteropServices;

namespace AotLayers.Interop;

/// <content>What pointers point to. Addresses differ from run to run and mean nothing to a reader: none is written.</content>
public partial class CallWriter
{
    /// <summary>Name, among the out-arguments, of a return value that is recorded by content.</summary>
    public const string ReturnName = "$return";

    /// <summary>Key of a function that the program passes.</summary>
    internal const string CallbackName = "$callback";

    /// <summary>Writes NUL-terminated text; a null pointer is null. Text that is not well-formed UTF-8 is written as bytes.</summary>
    public unsafe void LibraryText(string? name, nint pointer, NativeTextEncoding encoding)
    {
        if (pointer == 0)
        {
            Null(name);
        }
        else if (encoding == NativeTextEncoding.Utf16)
        {
            Chars(name, MemoryMarshal.CreateReadOnlySpanFromNullTerminated((char*)pointer));
        }
        else
        {
            ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)pointer);
            if (System.Text.Unicode.Utf8.IsValid(text))
            {
                Utf8(name, text);
            }
            else
            {
                Bytes(name, text);
            }
        }
    }

    /// <summary>Writes an array of texts behind an array of pointers; null pointers are null.</summary>
    public unsafe void LibraryTexts(string? name, nint pointer, long count, NativeTextEncoding encoding)
    {
        if (pointer == 0)
        {
            Null(name);
            return;
        }

        BeginArray(name);
        for (long i = 0; i < count; i++)
        {
            LibraryText(null, ((nint*)pointer)[i], encoding);
        }

        EndArray();
    }

    /// <summary>Writes the bytes at a pointer as <see cref="Bytes"/> does; a null pointer, or a length below zero, is null.</summary>
    public unsafe void LibraryMemory(string? name, nint pointer, long length)
    {
        if (pointer == 0 || length < 0)
        {
            Null(name);
        }
        else
        {
            Bytes(name, new ReadOnlySpan<byte>((void*)pointer, checked((int)length)));
        }
    }

    /// <summary>Writes the text that a handle is, beside the handle's symbol.</summary>
    public void HandleText(string name, nint pointer, NativeTextEncoding encoding) => LibraryText(TextOf(name), pointer, encoding);

    /// <summary>Writes the bytes between where a cursor stood before the call and where it stands now.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="before">Where the cursor stood.</param>
    /// <param name="after">Where it stands.</param>
    /// <param name="available">How far the call was allowed to move it, in bytes.</param>
    public unsafe void Moved(string? name, nint before, nint after, ulong available)
    {
        // A cursor that was set to somewhere else did not move.
        nuint distance = (nuint)(after - before);
        bool moved = before != 0 && distance <= available && distance <= int.MaxValue;
        Bytes(name, moved ? new ReadOnlySpan<byte>((void*)before, (int)distance) : []);
    }

    /// <summary>Writes of a function that the program passes whether there is one: <c>{"$callback":true}</c>, or null.</summary>
    public void Callback(string? name, bool isSet)
    {
        if (!isSet)
        {
            Null(name);
            return;
        }

        BeginObject(name);
        Bool(CallbackName, true);
        EndObject();
    }

    /// <summary>Writes the room that a callback may fill, in elements; null where it got none.</summary>
    public void Room(string? name, nint pointer, long elements)
    {
        if (pointer == 0)
        {
            Null(name);
        }
        else
        {
            Capacity(name, elements);
        }
    }

    internal static string TextOf(string name) => "$text." + name;
}
