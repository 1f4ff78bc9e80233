using System.Text.Json;
using AotLayers.App;

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

    /// <summary>The latest result of this thread as JSON; <c>{}</c> before one.</summary>
    public static byte* Result => (t_result ??= Empty()).Pointer;

    /// <summary>Keeps an error.</summary>
    /// <returns>The code to return to the caller: always negative.</returns>
    public static int Set(Exception error)
    {
        try
        {
            var report = ErrorReport.From(error, OptionSpelling.Json);
            t_code = (int)report.Code < 0 ? (int)report.Code : ResultCodes.Fail;
            string text = report.Hint is null ? report.Message : report.Message + ". Hint: " + report.Hint;
            (t_message ??= new NativeTextBuffer()).Set(text);
            (t_report ??= new NativeTextBuffer()).Set(JsonText.OfObject(report.WriteMembers));
        }
        catch (OutOfMemoryException)
        {
            // The text of an error is not worth another error: the code says it.
            t_code = ResultCodes.OutOfMemory;
        }

        return t_code;
    }

    /// <summary>Keeps a result.</summary>
    /// <param name="writeMembers">Writes the members of its JSON object.</param>
    public static void SetResult(Action<Utf8JsonWriter> writeMembers) =>
        (t_result ??= new NativeTextBuffer()).Set(JsonText.OfObject(writeMembers));

    private static NativeTextBuffer Empty()
    {
        var text = new NativeTextBuffer();
        text.Set("{}");
        return text;
    }
}
