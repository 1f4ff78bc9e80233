using System.Buffers.Text;
using System.Text;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>LIBARCHIVE.creationtime is seconds and a fraction in all its digits. (docs/verify/AOTV016.md)</summary>
internal sealed class CreationTimeRule() : VerifyRule(
    "AOTV016", "creation-time", VerifySeverity.Error, "LIBARCHIVE.creationtime is seconds and a fraction in all its digits.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Header is not { } header || !header.Records.TryGet("LIBARCHIVE.creationtime"u8, out ReadOnlySpan<byte> text))
        {
            return;
        }

        if (!PaxTime.TryParse(text, out long created))
        {
            run.Report(this, entry, $"LIBARCHIVE.creationtime is '{Encoding.Latin1.GetString(text)}', no time");
        }
        else if (LacksZeros(text, created, header.ModificationTime) || LacksZeros(text, created, header.ChangeTime))
        {
            run.Report(
                this, entry, $"LIBARCHIVE.creationtime is '{Encoding.Latin1.GetString(text)}': the fraction lacks its leading zeros");
        }
    }

    /// <summary>Whether the fraction is the nanoseconds of another time as a bare number: 5 ns become half a second.</summary>
    private static bool LacksZeros(ReadOnlySpan<byte> text, long created, long? other)
    {
        int dot = text.IndexOf((byte)'.');
        return dot >= 0
            && other is { } time
            && time != created
            && time >= 0
            && time / 1_000_000_000 == created / 1_000_000_000
            && Utf8Parser.TryParse(text[(dot + 1)..], out long fraction, out int used)
            && used == text.Length - dot - 1
            && fraction == time % 1_000_000_000;
    }
}
