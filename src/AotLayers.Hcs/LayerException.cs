using System.Globalization;
using System.Text;

namespace AotLayers.Hcs;

/// <summary>Where in a layer something failed. Whatever is known; the rest is null.</summary>
public sealed record LayerErrorContext
{
    /// <summary>Path or id of the layer, as the caller gave it.</summary>
    public string? Layer { get; init; }

    /// <summary>Parents, nearest first.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>The entry's name: relative, with backslashes.</summary>
    public string? Entry { get; init; }

    /// <summary>The stream inside the entry, for example <c>DATA</c> or <c>:ads.txt:$DATA</c>.</summary>
    public string? Stream { get; init; }

    /// <summary>Bytes into the entry's backup stream, or into the file for files that are read as such.</summary>
    public long? Offset { get; init; }

    /// <summary>The known facts as <c> (layer X, parents A, B, entry E, stream S, offset N)</c>, or nothing.</summary>
    internal void AppendTo(StringBuilder text)
    {
        int start = text.Length;
        Append(text, start, "layer ", Layer);
        Append(text, start, Parents.Count == 1 ? "parent " : "parents ", Parents.Count == 0 ? null : string.Join(", ", Parents));
        Append(text, start, "entry ", Entry);
        Append(text, start, "stream ", Stream);
        Append(text, start, "offset ", Offset?.ToString(CultureInfo.InvariantCulture));
        if (text.Length > start)
        {
            text.Append(')');
        }
    }

    private static void Append(StringBuilder text, int start, string label, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            text.Append(text.Length == start ? " (" : ", ").Append(label).Append(value);
        }
    }
}

/// <summary>Reading or writing a layer failed. The message is one sentence that holds all the facts; the properties hold them one by one.</summary>
public class LayerException : IOException
{
    /// <summary>Creates an exception without details.</summary>
    public LayerException()
        : this("reading the layer failed", context: null)
    {
    }

    /// <summary>Creates an exception with a reason only.</summary>
    public LayerException(string reason)
        : this(reason, context: null)
    {
    }

    /// <summary>Creates an exception with a reason and the error that caused it.</summary>
    public LayerException(string reason, Exception? innerException)
        : this(reason, context: null, innerException)
    {
    }

    /// <summary>Creates an exception that says where the problem is.</summary>
    /// <param name="reason">What is wrong, without the place.</param>
    /// <param name="context">The place.</param>
    /// <param name="innerException">The error that caused this one, if any.</param>
    /// <param name="hint">What usually helps, if known.</param>
    public LayerException(string reason, LayerErrorContext? context, Exception? innerException = null, string? hint = null)
        : base(Compose(reason, context), innerException)
    {
        Reason = reason;
        Context = context ?? new LayerErrorContext();
        Hint = hint;
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    /// <summary>Where it is.</summary>
    public LayerErrorContext Context { get; }

    /// <summary>What usually helps; null when nothing is known.</summary>
    public string? Hint { get; }

    /// <summary>The native call that failed, for example <c>ExportLayerNext</c>; null when no call did.</summary>
    public virtual string? Call => null;

    /// <summary>The HRESULT of the failed call (a Win32 code as 0x8007xxxx); null when no call failed.</summary>
    public virtual uint? Code => null;

    private static string Compose(string reason, LayerErrorContext? context)
    {
        var text = new StringBuilder(reason);
        context?.AppendTo(text);
        return text.ToString();
    }
}
