using System.Globalization;
using AotLayers.Hcs;
using AotLayers.Simulator;

namespace AotLayers.App;

/// <summary>
/// The text after <c>sim:</c> where a machine is chosen by a text: a directory of simulated layers, and after a question mark what the machine lacks:
/// <c>DIR?absent=ExportLayerBegin,ExportLayerNext&amp;max-read=7</c>.
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
        return SimulatedMachine.Load(mark < 0 ? text : text[..mark], mark < 0 ? null : ReadOptions(text[(mark + 1)..])).Hcs;
    }

    private static SimulatorOptions ReadOptions(string text)
    {
        string[] absent = [];
        bool missing = false;
        int maxRead = 0;
        foreach (string option in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? "" : option[(equals + 1)..];
            switch (equals < 0 ? option : option[..equals])
            {
                case "absent" when value.Length > 0:
                    absent = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
                    break;
                case "no-vmcompute" when equals < 0:
                    missing = true;
                    break;
                case "max-read" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out maxRead) && maxRead > 0:
                    break;
                default:
                    throw new FormatException($"the simulator does not know '{option}': expected absent=EXPORT,..., no-vmcompute or max-read=BYTES");
            }
        }

        return new SimulatorOptions { AbsentExports = absent, VmcomputeMissing = missing, MaxReadBytes = maxRead };
    }
}
