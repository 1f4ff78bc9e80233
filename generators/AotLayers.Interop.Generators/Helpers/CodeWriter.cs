using System.Text;

namespace AotLayers.Interop.Generators;

/// <summary>Writes C# text line by line with four-space indentation and LF line ends.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _afterOpen = true;
    private bool _afterClose;

    /// <summary>Writes one line at the current depth. What follows a block is set off from it by an empty line.</summary>
    public void Line(string text)
    {
        if (_afterClose
            && text.Length > 0
            && text[0] != '}'
            && !text.StartsWith("else", StringComparison.Ordinal)
            && !text.StartsWith("catch", StringComparison.Ordinal))
        {
            _text.Append('\n');
        }

        _afterClose = false;

        // Preprocessor lines stand at the margin, like hand-written ones.
        if (text.Length > 0)
        {
            _text.Append(' ', text[0] == '#' ? 0 : _depth * 4).Append(text);
        }

        _text.Append('\n');
        _afterOpen = false;
    }

    /// <summary>Writes an empty line between two members, but none after an opening brace.</summary>
    public void Separate()
    {
        if (!_afterOpen && !_afterClose)
        {
            _text.Append('\n');
        }
    }

    /// <summary>Writes a line, if there is one, and an opening brace.</summary>
    public void Open(string? text = null)
    {
        if (text is not null)
        {
            Line(text);
        }

        Line("{");
        _depth++;
        _afterOpen = true;
    }

    /// <summary>Writes a closing brace.</summary>
    public void Close(string suffix = "")
    {
        _depth--;
        Line("}" + suffix);
        _afterClose = true;
    }

    /// <summary>Writes continuation lines one step deeper.</summary>
    public void Indented(Action<CodeWriter> write)
    {
        _depth++;
        write(this);
        _depth--;
    }

    public override string ToString() => _text.ToString();
}
