using System.Globalization;
using System.Text;

namespace AotLayers.Native.Header;

/// <summary>Sizes and offsets as text, for a comparison with what a C compiler makes of the header.</summary>
internal static class LayoutWriter
{
    public static string Write(CInterface declared)
    {
        var text = new StringBuilder();
        foreach (CStruct type in declared.Structs.Where(type => !type.IsOpaque))
        {
            text.Append(CultureInfo.InvariantCulture, $"{type.Name} {type.Size}\n");
            foreach (CField field in type.Fields)
            {
                text.Append(CultureInfo.InvariantCulture, $"{type.Name}.{field.Name} {field.Offset} {field.Size}\n");
            }
        }

        return text.ToString();
    }
}
