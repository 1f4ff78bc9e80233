using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace AotLayers.Native.Header;

/// <summary>The compiler's documentation file, as text of comments. References to C# names become those of C.</summary>
internal sealed partial class XmlDocumentation
{
    /// <summary>Stands for the beginning of a paragraph until spaces were unified.</summary>
    private const char Paragraph = '\u2029';

    private readonly Dictionary<string, XElement> _members;
    private readonly Dictionary<string, string> _names;

    private XmlDocumentation(Dictionary<string, XElement> members, Dictionary<string, string> names)
    {
        _members = members;
        _names = names;
    }

    /// <summary>Reads a documentation file.</summary>
    public static XmlDocumentation Load(string path, IEnumerable<Type> types)
    {
        var members = new Dictionary<string, XElement>(StringComparer.Ordinal);
        foreach (XElement member in XDocument.Load(path).Descendants("member"))
        {
            members.TryAdd(Id(member.Attribute("name")!.Value), member);
        }

        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Type type in types)
        {
            names.TryAdd("T:" + type.FullName, CNames.Of(type));
            foreach (FieldInfo field in type.GetFields())
            {
                names.TryAdd($"F:{type.FullName}.{field.Name}", CNames.Of(field));
            }
        }

        return new XmlDocumentation(members, names);
    }

    public string OfType(Type type) => Text("T:" + type.FullName);

    public string OfField(FieldInfo field) => Text($"F:{field.DeclaringType!.FullName}.{field.Name}");

    /// <summary>Exported functions are not overloaded: the name is enough.</summary>
    public string OfMethod(MethodInfo method) => Text($"M:{method.DeclaringType!.FullName}.{method.Name}");

    /// <summary>Without the parameters: exported methods have one documented overload.</summary>
    private static string Id(string name) => name.Split('(')[0];

    private string Text(string id)
    {
        XElement member = _members.GetValueOrDefault(id) ?? throw new InvalidOperationException($"{id} is not documented");
        List<string> paragraphs = [Flatten(member.Element("summary")!)];
        if (member.Element("remarks") is { } remarks)
        {
            paragraphs.Add(Flatten(remarks));
        }

        foreach (XElement parameter in member.Elements("param"))
        {
            paragraphs.Add($"@param {CNames.ToSnakeCase(parameter.Attribute("name")!.Value)} {Flatten(parameter)}");
        }

        if (member.Element("returns") is { } returns)
        {
            paragraphs.Add("@return " + Flatten(returns));
        }

        return string.Join('\n', paragraphs);
    }

    /// <summary>The text without line breaks, but for those between paragraphs.</summary>
    private string Flatten(XElement element) =>
        string.Join('\n', Inline(element).Split(Paragraph).Select(text => Spaces().Replace(text, " ").Trim()));

    private string Inline(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see =>
            _names.GetValueOrDefault(see.Attribute("cref")!.Value, see.Attribute("cref")!.Value.Split('.')[^1]),
        XElement { Name.LocalName: "paramref" } reference => CNames.ToSnakeCase(reference.Attribute("name")!.Value),
        XElement { Name.LocalName: "para" } paragraph => Paragraph + Inline(paragraph),
        XElement other => Inline(other),
        _ => "",
    }));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
