using System.Text;

namespace AotLayers.Cli.Output;

/// <summary>
/// Standard output for many lines: in pieces where it is redirected, because the console's own writer makes a system call per line. Names
/// from outside cannot steer the terminal.
/// </summary>
internal sealed class TextOutput : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly TextWriter _inner;
    private readonly LineWriter _lines;

    public TextOutput()
    {
        _inner = Console.IsOutputRedirected
            ? new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize)
            : Console.Out;
        _lines = new LineWriter(_inner) { NewLine = "\n" };
    }

    /// <summary>Writes a line.</summary>
    public void WriteLine(string line) => _lines.WriteLine(line);

    /// <inheritdoc/>
    public void Dispose() => _inner.Flush();
}
