namespace AotLayers.Formats;

/// <summary>The one form in which SDDL text is refused: the text, what is wrong, and where.</summary>
internal static class SddlError
{
    private const int MostShown = 200;

    public static LayerFormatException At(ReadOnlySpan<char> text, int offset, string problem)
    {
        ReadOnlySpan<char> shown = text.Length > MostShown ? text[..MostShown] : text;
        return new LayerFormatException($"convert {shown}: {problem}", streamId: BackupStreamId.SecurityData, offset: offset);
    }
}
