using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// A security descriptor for people: names instead of SIDs, rights in words. Has a line for everything, also for what SDDL cannot spell.
/// </summary>
public static class SecurityDescriptorReport
{
    private static readonly (string Name, uint Mask)[] s_inheritance =
    [
        ("for files", 0x1), ("for subfolders", 0x2), ("one level deep", 0x4), ("not for itself", 0x8), ("inherited", 0x10),
        ("critical", 0x20),
    ];

    /// <summary>Describes a descriptor line by line.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <returns>Lines without ends; those of entries are indented by two blanks.</returns>
    public static IReadOnlyList<string> Describe(SecurityDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        SecurityDescriptorControl control = descriptor.Control;
        var lines = new List<string>
        {
            "owner: " + (descriptor.Owner is { } owner ? WellKnownSid.Describe(owner) : "none"),
            "group: " + (descriptor.Group is { } group ? WellKnownSid.Describe(group) : "none"),
        };
        if ((control & SecurityDescriptorControl.DaclPresent) != 0)
        {
            string flags = Flags(control, SecurityDescriptorControl.DaclProtected, SecurityDescriptorControl.DaclAutoInherited);
            AddList(
                lines,
                "access list" + flags,
                descriptor.Dacl,
                whenNull: "null: everybody may do everything",
                whenEmpty: "empty: nobody may do anything");
        }

        if ((control & SecurityDescriptorControl.SaclPresent) != 0)
        {
            string flags = Flags(control, SecurityDescriptorControl.SaclProtected, SecurityDescriptorControl.SaclAutoInherited);
            AddList(lines, "audit list" + flags, descriptor.Sacl, whenNull: "null", whenEmpty: "empty");
        }

        return lines;
    }

    private static string Flags(
        SecurityDescriptorControl control,
        SecurityDescriptorControl isProtected,
        SecurityDescriptorControl inherited) =>
        ((control & isProtected) != 0, (control & inherited) != 0) switch
        {
            (true, true) => " (protected, inherited automatically)",
            (true, false) => " (protected)",
            (false, true) => " (inherited automatically)",
            _ => "",
        };

    private static void AddList(
        List<string> lines,
        string name,
        IReadOnlyList<AccessControlEntry>? entries,
        string whenNull,
        string whenEmpty)
    {
        if (entries is null || entries.Count == 0)
        {
            lines.Add($"{name}: {(entries is null ? whenNull : whenEmpty)}");
            return;
        }

        lines.Add(name + ":");
        foreach (AccessControlEntry entry in entries)
        {
            lines.Add("  " + DescribeEntry(entry));
        }
    }

    private static string DescribeEntry(AccessControlEntry entry)
    {
        if (entry.Sid is null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"entry of unknown type 0x{entry.Type:x2}, {entry.Data.Length} bytes");
        }

        string who = WellKnownSid.Describe(entry.Sid);
        string what = entry.Type switch
        {
            AceType.Allow or AceType.ObjectAllow or AceType.CallbackAllow or AceType.CallbackObjectAllow =>
                $"allow {who}: {FileRights.Describe(entry.Mask)}",
            AceType.Deny or AceType.ObjectDeny or AceType.CallbackDeny or AceType.CallbackObjectDeny =>
                $"deny {who}: {FileRights.Describe(entry.Mask)}",
            AceType.MandatoryLabel => $"label {who}: {Label(entry.Mask)}",
            AceType.ResourceAttribute => "resource attribute " + (ResourceAttribute.Write(entry.Data.Span) ?? "that is malformed"),
            AceType.ScopedPolicy => $"central access policy {entry.Sid}",
            AceType.ProcessTrustLabel => $"process trust label {entry.Sid}: {FileRights.Describe(entry.Mask)}",
            AceType.AccessFilter => $"access filter {who}: {FileRights.Describe(entry.Mask)}",
            _ => $"audit {Outcome(entry.Flags)}of {who}: {FileRights.Describe(entry.Mask)}",
        };
        if (AceType.HasCondition(entry.Type))
        {
            what += " if " + (ConditionText.Write(entry.Data.Span) ?? "a condition holds that is malformed");
        }

        foreach ((string kind, Guid? type) in new[]
        {
            ("object type", entry.ObjectType),
            ("inherited object type", entry.InheritedObjectType)
        })
        {
            what += type is { } guid ? $", {kind} {guid:D}" : "";
        }

        List<string> flags = [.. s_inheritance.Where(flag => (entry.Flags & flag.Mask) != 0).Select(flag => flag.Name)];
        return flags.Count == 0 ? what : $"{what} [{string.Join(", ", flags)}]";
    }

    private static string Label(uint mask)
    {
        List<string> words = [];
        foreach ((string name, uint bit) in new[] { ("no write up", 1u), ("no read up", 2u), ("no execute up", 4u) })
        {
            if ((mask & bit) != 0)
            {
                words.Add(name);
            }
        }

        if ((mask & ~7u) != 0)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"0x{mask & ~7u:x}"));
        }

        return words.Count == 0 ? "no restriction" : string.Join(", ", words);
    }

    private static string Outcome(byte flags) => (flags & 0xC0) switch
    {
        0x40 => "success ",
        0x80 => "failure ",
        0xC0 => "success and failure ",
        _ => "",
    };
}
