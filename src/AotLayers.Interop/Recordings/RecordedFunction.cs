namespace AotLayers.Interop;

/// <summary>A function that a recording has calls or callbacks of.</summary>
internal sealed class RecordedFunction(string api, string name, int ordinal, RecordedFunction? namesake)
{
    /// <summary>Name of the API.</summary>
    public string Api { get; } = api;

    /// <summary>Name of the function.</summary>
    public string Name { get; } = name;

    /// <summary>Its place among the functions of the recording, from 0.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>The function of the same name in another API, or null.</summary>
    public RecordedFunction? Namesake { get; } = namesake;

    /// <summary>How many calls of it there are; callbacks are none.</summary>
    public int Calls { get; set; }
}
