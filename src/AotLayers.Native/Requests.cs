using AotLayers.App;

namespace AotLayers.Native;

/// <summary>What a caller asks for, read from the arguments that aotl_open and aotl_export share.</summary>
internal static unsafe class Requests
{
    /// <summary>Reads the arguments of a function that does something with a layer of a machine: of this Windows, unless "hcs" says
    /// another one.</summary>
    /// <param name="layer">The layer; NULL where the function is about the machine and takes none.</param>
    /// <param name="optionsJson">The caller's; may be NULL.</param>
    /// <param name="keys">The options that the function has.</param>
    /// <exception cref="RefusedException">One of them makes no sense.</exception>
    public static LayerRequest ReadMachine(byte* layer, byte* optionsJson, string keys = JsonOptions.MachineKeys)
    {
        string? path = NativeString.ReadOptional(layer, "layer");
        var request = new LayerRequest
        {
            Spelling = OptionSpelling.JsonOfLayer,
            Source = path ?? "",
            WithoutLayer = path is null,
            Hcs = HcsChoice.Native,
        };
        return JsonOptions.Read(request, NativeString.ReadOptional(optionsJson, "options_json"), keys);
    }

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
