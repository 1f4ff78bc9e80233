using System.Text;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>
/// Writes lines of text that may hold anything: each is escaped by <see cref="TerminalText"/>, and only the ends of lines are line feeds.
/// </summary>
internal sealed class LineWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(TerminalText.Escape(value ?? ""));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(TerminalText.Escape(value ?? ""));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();
}
