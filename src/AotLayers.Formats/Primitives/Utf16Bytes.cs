using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AotLayers.Formats;

/// <summary>UTF-16LE bytes to text and back, unit by unit: lone surrogates survive, which System.Text.Encoding does not allow.</summary>
internal static class Utf16Bytes
{
    public static string GetString(ReadOnlySpan<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            return new string(MemoryMarshal.Cast<byte, char>(bytes));
        }

        char[] units = new char[bytes.Length / 2];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        }

        return new string(units);
    }

    public static void Write(ReadOnlySpan<char> text, Span<byte> destination)
    {
        for (int i = 0; i < text.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(2 * i)..], text[i]);
        }
    }
}
