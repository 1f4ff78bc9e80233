using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>Security descriptor to SDDL, spelled as Windows spells it.</summary>
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
            AppendEntries(text, descriptor.Dacl);
        }

        if ((control & SecurityDescriptorControl.SaclPresent) != 0)
        {
            text.Append("S:");
            AppendIf(text, "P", control, SecurityDescriptorControl.SaclProtected);
            AppendIf(text, "AR", control, SecurityDescriptorControl.SaclAutoInheritRequired);
            AppendIf(text, "AI", control, SecurityDescriptorControl.SaclAutoInherited);
            AppendEntries(text, descriptor.Sacl);
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

    private static void AppendEntries(StringBuilder text, IReadOnlyList<AccessControlEntry>? entries)
    {
        if (entries is null)
        {
            text.Append("NO_ACCESS_CONTROL");
            return;
        }

        foreach (AccessControlEntry entry in entries)
        {
            if (entry.Sid is null)
            {
                throw new LayerFormatException(
                    string.Create(CultureInfo.InvariantCulture, $"access control entry of type 0x{entry.Type:x2} has no SDDL form"), streamId: BackupStreamId.SecurityData);
            }

            text.Append('(').Append(TypeName(entry.Type)).Append(';');
            AppendBits(text, entry.Flags, SddlNames.AceFlags);
            text.Append(';');
            AppendRights(text, entry);
            text.Append(';').Append(entry.ObjectType?.ToString("D"));
            text.Append(';').Append(entry.InheritedObjectType?.ToString("D"));
            text.Append(';').Append(SddlNames.NameOf(entry.Sid));
            if (!entry.Data.IsEmpty)
            {
                // Conditions and resource attributes stay bytes: this is our own spelling, which Windows does not read.
                text.Append(";#").Append(Convert.ToHexStringLower(entry.Data.Span));
            }

            text.Append(')');
        }
    }

    private static string TypeName(byte type)
    {
        foreach ((string name, uint value) in SddlNames.AceTypes)
        {
            if (value == type)
            {
                return name;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"0x{type:x}");
    }

    private static void AppendRights(StringBuilder text, AccessControlEntry entry)
    {
        bool label = entry.Type == SddlNames.MandatoryLabelAce;
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
