using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>Security descriptor to SDDL, spelled as Windows spells it. What Windows could not read back has no text.</summary>
internal static class SddlWriter
{
    public static string Write(SecurityDescriptor descriptor)
    {
        var text = new StringBuilder();
        if (descriptor.Owner is { } owner)
        {
            text.Append("O:").Append(SddlNames.NameOf(owner));
        }

        if (descriptor.Group is { } group)
        {
            text.Append("G:").Append(SddlNames.NameOf(group));
        }

        SecurityDescriptorControl control = descriptor.Control;
        if ((control & SecurityDescriptorControl.DaclPresent) != 0)
        {
            text.Append("D:");
            AppendIf(text, "P", control, SecurityDescriptorControl.DaclProtected);
            AppendIf(text, "AR", control, SecurityDescriptorControl.DaclAutoInheritRequired);
            AppendIf(text, "AI", control, SecurityDescriptorControl.DaclAutoInherited);
            AppendEntries(text, descriptor.Dacl, SddlNames.DaclTypes);
        }

        if ((control & SecurityDescriptorControl.SaclPresent) != 0)
        {
            text.Append("S:");
            AppendIf(text, "P", control, SecurityDescriptorControl.SaclProtected);
            AppendIf(text, "AR", control, SecurityDescriptorControl.SaclAutoInheritRequired);
            AppendIf(text, "AI", control, SecurityDescriptorControl.SaclAutoInherited);
            AppendEntries(text, descriptor.Sacl, SddlNames.SaclTypes);
        }

        return text.ToString();
    }

    private static void AppendIf(StringBuilder text, string flag, SecurityDescriptorControl control, SecurityDescriptorControl bit)
    {
        if ((control & bit) != 0)
        {
            text.Append(flag);
        }
    }

    private static void AppendEntries(StringBuilder text, IReadOnlyList<AccessControlEntry>? entries, (string Name, uint Mask)[] types)
    {
        if (entries is null)
        {
            text.Append("NO_ACCESS_CONTROL");
            return;
        }

        foreach (AccessControlEntry entry in entries)
        {
            if (entry.Sid is null || TypeName(entry.Type, types) is not { } type)
            {
                throw NoForm(entry, "its type");
            }

            text.Append('(').Append(type);
            text.Append(';');
            AppendBits(text, entry.Flags, SddlNames.AceFlags);
            text.Append(';');
            AppendRights(text, entry);
            text.Append(';').Append(entry.ObjectType?.ToString("D"));
            text.Append(';').Append(entry.InheritedObjectType?.ToString("D"));
            text.Append(';').Append(SddlNames.NameOf(entry.Sid));
            AppendData(text, entry);
            text.Append(')');
        }
    }

    /// <summary>Bytes behind the SID mean something in some types only; others ignore them.</summary>
    private static void AppendData(StringBuilder text, AccessControlEntry entry)
    {
        if (AceType.HasCondition(entry.Type))
        {
            text.Append(';').Append(ConditionText.Write(entry.Data.Span) ?? throw NoForm(entry, "its condition"));
        }
        else if (entry.Type == AceType.ResourceAttribute)
        {
            text.Append(';').Append(ResourceAttribute.Write(entry.Data.Span) ?? throw NoForm(entry, "its resource attribute"));
        }
    }

    private static LayerFormatException NoForm(AccessControlEntry entry, string what) => new(
        string.Create(CultureInfo.InvariantCulture, $"access control entry of type 0x{entry.Type:x2} has no SDDL form: {what}"),
        streamId: BackupStreamId.SecurityData);

    private static string? TypeName(byte type, (string Name, uint Mask)[] types)
    {
        foreach ((string name, uint value) in types)
        {
            if (value == type)
            {
                return name;
            }
        }

        return null;
    }

    private static void AppendRights(StringBuilder text, AccessControlEntry entry)
    {
        bool label = entry.Type == AceType.MandatoryLabel;
        if (!label)
        {
            foreach ((string name, uint mask) in SddlNames.WholeRights)
            {
                if (mask == entry.Mask)
                {
                    text.Append(name);
                    return;
                }
            }
        }

        AppendBits(text, entry.Mask, label ? SddlNames.LabelBits : SddlNames.RightBits);
    }

    private static void AppendBits(StringBuilder text, uint value, (string Name, uint Mask)[] names)
    {
        uint named = 0;
        foreach ((_, uint mask) in names)
        {
            named |= mask;
        }

        if ((value & ~named) != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"0x{value:x}");
            return;
        }

        foreach ((string name, uint mask) in names)
        {
            if ((value & mask) != 0)
            {
                text.Append(name);
            }
        }
    }
}
