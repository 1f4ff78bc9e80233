using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>
/// Writes UTF-16 text of any content into JSON: half of a surrogate pair becomes its escape (<c>\ud800</c>), where the framework's encoders
/// write U+FFFD in its place. Names on Windows volumes may hold such units. Everything else is written as
/// <see cref="JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/> does.
/// </summary>
internal sealed class ExactJsonEncoder : JavaScriptEncoder
{
    private const int EscapeLength = 6;

    private static readonly JavaScriptEncoder s_inner = UnsafeRelaxedJsonEscaping;

    public override int MaxOutputCharactersPerInputCharacter => s_inner.MaxOutputCharactersPerInputCharacter;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength) =>
        s_inner.FindFirstCharacterToEncode(text, textLength);

    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        s_inner.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);

    public override bool WillEncode(int unicodeScalar) => s_inner.WillEncode(unicodeScalar);

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => s_inner.FindFirstCharacterToEncodeUtf8(utf8Text);

    public override OperationStatus EncodeUtf8(
        ReadOnlySpan<byte> utf8Source, Span<byte> utf8Destination, out int bytesConsumed, out int bytesWritten, bool isFinalBlock = true) =>
        s_inner.EncodeUtf8(utf8Source, utf8Destination, out bytesConsumed, out bytesWritten, isFinalBlock);

    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true)
    {
        charsConsumed = charsWritten = 0;
        while (charsConsumed < source.Length)
        {
            ReadOnlySpan<char> rest = source[charsConsumed..];
            int lone = Utf16Text.IndexOfLoneSurrogate(rest);
            int sound = lone < 0 ? rest.Length : lone;
            OperationStatus status = s_inner.Encode(
                rest[..sound], destination[charsWritten..], out int consumed, out int written, isFinalBlock);
            charsConsumed += consumed;
            charsWritten += written;
            if (status != OperationStatus.Done)
            {
                return status;
            }

            if (sound < rest.Length)
            {
                Span<char> target = destination[charsWritten..];
                if (!target.TryWrite(CultureInfo.InvariantCulture, $"\\u{(int)rest[sound]:x4}", out int length) || length != EscapeLength)
                {
                    return OperationStatus.DestinationTooSmall;
                }

                charsConsumed++;
                charsWritten += EscapeLength;
            }
        }

        return OperationStatus.Done;
    }
}
