using System.Text;
using System.Text.Json;

namespace AotLayers.Native;

/// <summary>The latest failure and the latest result of this thread. Other threads have their own.</summary>
internal static unsafe class LastError
{
    [ThreadStatic]
    private static NativeTextBuffer? t_message;

    [ThreadStatic]
    private static NativeTextBuffer? t_report;

    [ThreadStatic]
    private static NativeTextBuffer? t_result;

    [ThreadStatic]
    private static int t_code;

    /// <summary>Its text; empty when nothing failed on this thread yet.</summary>
    public static byte* Message => (t_message ??= new NativeTextBuffer()).Pointer;

    /// <summary>Length of <see cref="Message"/> in bytes.</summary>
    public static int MessageLength => t_message?.Length ?? 0;

    /// <summary>The same as JSON; <c>{}</c> when nothing failed on this thread yet.</summary>
    public static byte* Report => (t_report ??= Empty()).Pointer;

    /// <summary>What was returned; 0 when nothing failed on this thread yet.</summary>
    public static int Code => t_code;

    /// <summary>The latest export of this thread as JSON; <c>{}</c> before one.</summary>
    public static byte* Result => (t_result ??= Empty()).Pointer;

    /// <summary>Keeps an error.</summary>
    /// <returns>The code to return to the caller: always negative.</returns>
    public static int Set(Exception error)
    {
        try
        {
            ErrorReport report = Describe(error);
            t_code = (int)report.Code < 0 ? (int)report.Code : ResultCodes.Fail;
            string text = report.Hint is null ? report.Message : report.Message + ". Hint: " + report.Hint;
            (t_message ??= new NativeTextBuffer()).Set(text);
            (t_report ??= new NativeTextBuffer()).Set(ToJson(report.WriteTo));
        }
        catch (OutOfMemoryException)
        {
            // The text of an error is not worth another error: the code says it.
            t_code = ResultCodes.OutOfMemory;
        }

        return t_code;
    }

    /// <summary>Keeps a result.</summary>
    /// <param name="write">Writes it as one JSON value.</param>
    public static void SetResult(Action<Utf8JsonWriter> write) => (t_result ??= new NativeTextBuffer()).Set(ToJson(write));

    private static ErrorReport Describe(Exception error)
    {
        ErrorReport report = ErrorReport.From(error);
        return error is NativeCallException ? report with { Code = (uint)error.HResult } : report;
    }

    private static NativeTextBuffer Empty()
    {
        var text = new NativeTextBuffer();
        text.Set("{}");
        return text;
    }

    private static string ToJson(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
