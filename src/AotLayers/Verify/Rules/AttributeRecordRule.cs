using System.Buffers.Text;
using System.Text;

namespace AotLayers;

/// <summary>MSWINDOWS.xattr records have a name of at most 255 bytes and a value in base64. (docs/verify/AOTV013.md)</summary>
internal sealed class AttributeRecordRule() : VerifyRule(
    "AOTV013",
    "attribute-record",
    VerifySeverity.Error,
    "MSWINDOWS.xattr records have a name of at most 255 bytes and a value in base64.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Header is not { } header)
        {
            return;
        }

        for (int i = 0; i < header.Records.Count; i++)
        {
            ReadOnlySpan<byte> key = header.Records.KeyAt(i);
            if (!key.StartsWith("MSWINDOWS.xattr."u8))
            {
                continue;
            }

            ReadOnlySpan<byte> name = key["MSWINDOWS.xattr.".Length..];
            ReadOnlySpan<byte> value = header.Records.ValueAt(i);
            string? problem = name.IsEmpty ? "it has no name"
                : name.Length > byte.MaxValue ? "the name is longer than 255 bytes"
                : StrictBase64.FindProblem(value) is { } bad ? bad
                : Base64.IsValid(value, out int length) && length > ushort.MaxValue ? "the value is longer than 65535 bytes"
                : null;
            if (problem is not null)
            {
                run.Report(this, entry, $"{Encoding.Latin1.GetString(key)}: {problem}");
            }
        }
    }
}
