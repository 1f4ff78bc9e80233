using AotLayers.Hcs;
using AotLayers.Simulator;

namespace AotLayers.App;

/// <summary>
/// The text after <c>sim:</c> where a machine is chosen by a text: a directory of simulated layers, and after a question mark its options:
/// <c>DIR?state=FOLDER&amp;absent=ExportLayerBegin,ExportLayerNext</c> (<see cref="SimulatorOptions.Words"/>).
/// </summary>
public static class SimulatorChoice
{
    /// <summary>Makes the machine.</summary>
    /// <param name="text">The text after <c>sim:</c>.</param>
    /// <exception cref="FormatException">The options cannot be read.</exception>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="InvalidDataException">A layer does not follow the format of simulated layers.</exception>
    public static HcsMachine Open(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // A directory may have a question mark in its name where the OS allows it.
        int mark = Directory.Exists(text) ? -1 : text.LastIndexOf('?');
        return SimulatedMachine.Load(mark < 0 ? text : text[..mark], mark < 0 ? null : SimulatorOptions.Parse(text[(mark + 1)..])).Hcs;
    }
}
