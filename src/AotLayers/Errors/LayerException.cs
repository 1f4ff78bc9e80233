using System.Text;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Reading or writing a layer failed. The message is one sentence that holds all the facts; the properties hold them one by one.
/// </summary>
public sealed class LayerException : IOException
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
    /// <param name="innerException">The error that caused this one, if any. Call, code and hint are taken from it where it has
    /// them.</param>
    /// <param name="hint">What usually helps, if known.</param>
    public LayerException(string reason, LayerErrorContext? context, Exception? innerException = null, string? hint = null)
        : base(Compose(reason, context), innerException)
    {
        Reason = reason;
        Context = context ?? new LayerErrorContext();
        switch (innerException)
        {
            case HcsException native:
                (Call, Code, Hint) = (native.Call, native.Code, hint ?? native.Hint);
                break;
            case LayerException layer:
                (Call, Code, Hint) = (layer.Call, layer.Code, hint ?? layer.Hint);
                break;
            default:
                (Code, Hint) = (innerException is null ? null : SystemErrorCode.Of(innerException), hint);
                break;
        }

        if (Code is uint code)
        {
            HResult = (int)code;
        }
    }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    /// <summary>Where it is.</summary>
    public LayerErrorContext Context { get; }

    /// <summary>What usually helps; null when nothing is known.</summary>
    public string? Hint { get; }

    /// <summary>The native call that failed, for example <c>ExportLayerNext</c>; null when no call did.</summary>
    public string? Call { get; }

    /// <summary>
    /// The HRESULT of the failed call (a Win32 code as 0x8007xxxx), or of the operating system's error, in Windows' terms on every
    /// system; null when neither failed.
    /// </summary>
    public uint? Code { get; }

    /// <summary>
    /// Tells a failed call, damage of a format or an error of the operating system as an error of a layer. What the error itself knows of
    /// the place counts; the rest is taken from <paramref name="place"/>.
    /// </summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="place">Where it was met.</param>
    public static LayerException From(Exception error, LayerErrorContext place)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(place);
        switch (error)
        {
            case LayerException layer:
                LayerErrorContext whole = layer.Context.Within(place);
                return ReferenceEquals(whole, layer.Context) ? layer : new LayerException(layer.Reason, whole, layer, layer.Hint);
            case LayerFormatException format:
                return LayerErrors.FromFormat(format, place);
            default:
                return new LayerException(error.Message, place, error);
        }
    }

    private static string Compose(string reason, LayerErrorContext? context)
    {
        var text = new StringBuilder(reason);
        context?.AppendTo(text);
        return text.ToString();
    }
}
