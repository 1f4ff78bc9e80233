using System.Globalization;
using System.Text.Json;
using AotLayers.Formats;

namespace AotLayers.App;

/// <summary>
/// A security descriptor as members of a JSON object: <c>sddl</c> and <c>base64</c>, owner, group, control bits, and a report in words.
/// </summary>
public static class SecurityDescriptorJson
{
    /// <summary>Writes the members. <c>sddl</c> is null where Windows has no SDDL for the descriptor.</summary>
    /// <param name="json">Stands inside of an object.</param>
    /// <param name="bytes">The self-relative descriptor; it is told as it is, not encoded again.</param>
    /// <exception cref="LayerFormatException">The bytes are no self-relative security descriptor.</exception>
    public static void WriteMembers(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(json);
        var descriptor = SecurityDescriptor.Parse(bytes);
        json.WriteString("sddl", SddlOrNull(descriptor));
        json.WriteBase64String("base64", bytes);
        json.WriteString("owner", descriptor.Owner?.ToString());
        json.WriteString("group", descriptor.Group?.ToString());
        json.WriteString("control", string.Create(CultureInfo.InvariantCulture, $"0x{(ushort)descriptor.Control:x4}"));
        json.WriteStrings("report", SecurityDescriptorReport.Describe(descriptor));
    }

    /// <summary>The SDDL of a descriptor; null where Windows has none for it, or it is malformed.</summary>
    /// <param name="bytes">The self-relative descriptor.</param>
    public static string? Sddl(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return SddlOrNull(SecurityDescriptor.Parse(bytes));
        }
        catch (LayerFormatException)
        {
            return null;
        }
    }

    private static string? SddlOrNull(SecurityDescriptor descriptor)
    {
        try
        {
            return descriptor.ToSddl();
        }
        catch (LayerFormatException)
        {
            return null;
        }
    }
}
