using AotLayers.App;

namespace AotLayers.Native;

/// <summary>What a caller asks for, read from the arguments that aotl_open and aotl_export share.</summary>
internal static unsafe class Requests
{
    /// <summary>Reads the arguments.</summary>
    /// <param name="source">The caller's.</param>
    /// <param name="optionsJson">The caller's; may be NULL.</param>
    /// <exception cref="RefusedException">One of them makes no sense.</exception>
    public static LayerRequest Read(byte* source, byte* optionsJson)
    {
        var request = new LayerRequest { Spelling = OptionSpelling.Json, Source = NativeString.Read(source, "source") };
        return JsonOptions.Read(request, NativeString.ReadOptional(optionsJson, "options_json"));
    }
}
