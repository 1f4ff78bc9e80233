using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>MSWINDOWS.fileattr is a decimal number of 32 bits that fits the type of the entry. (docs/verify/AOTV011.md)</summary>
internal sealed class FileAttributesRule() : VerifyRule(
    "AOTV011",
    "file-attributes",
    VerifySeverity.Error,
    "MSWINDOWS.fileattr is a decimal number of 32 bits that fits the type of the entry.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Header is not { } header || !header.Records.TryGet("MSWINDOWS.fileattr"u8, out ReadOnlySpan<byte> text))
        {
            return;
        }

        if (!Utf8Parser.TryParse(text, out uint attributes, out int used) || used != text.Length)
        {
            run.Report(this, entry, $"MSWINDOWS.fileattr is '{Encoding.Latin1.GetString(text)}', no decimal number of 32 bits");
            return;
        }

        bool directory = (attributes & WindowsFileAttributes.Directory) != 0;
        if (entry.IsFileOrDirectory && directory != (entry.Kind == VerifyEntryKind.Directory))
        {
            run.Report(this, entry, string.Create(
                CultureInfo.InvariantCulture,
                $"MSWINDOWS.fileattr is 0x{attributes:x}, {(directory ? "a directory; this is a file" : "no directory; this is one")}"));
        }
        else if (entry.Kind == VerifyEntryKind.File
            && (attributes & WindowsFileAttributes.ReparsePoint) != 0
            && !LayerTarRecords.HasOwn(header))
        {
            run.Report(this, entry, "MSWINDOWS.fileattr says that it is a reparse point; there is no reparse data");
        }
    }
}
