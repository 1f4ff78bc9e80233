using System.Security.Cryptography;
using System.Text;
using AotLayers.Formats;

namespace AotLayers.Simulator;

/// <summary>
/// A name in a directory. Names keep their UTF-16 units, lone surrogates included, and are looked up without regard to case.
/// </summary>
internal class SimulatedNode
{
    private readonly Dictionary<string, SimulatedNode> _children = new(StringComparer.OrdinalIgnoreCase);

    public SimulatedNode(string name, SimulatedFile file)
    {
        Name = name;
        File = file;
    }

    public string Name { get; }

    public SimulatedFile File { get; set; }

    public SimulatedNode? Parent { get; private set; }

    /// <summary>The node cannot be changed through file calls: it belongs to a layer.</summary>
    public bool Sealed { get; init; }

    public virtual bool HasChildren => _children.Count > 0;

    /// <summary>Children as NTFS lists them: by upper-cased name.</summary>
    public virtual IEnumerable<SimulatedNode> Listing =>
        _children.Values.OrderBy(child => child.Name.ToUpperInvariant(), StringComparer.Ordinal);

    /// <summary>
    /// Children in the order of the export: by the bytes of their UTF-8 names, as the walk of a transport folder has them (docs/README.md
    /// 4.3).
    /// </summary>
    public IEnumerable<SimulatedNode> ExportOrder => _children.Values.OrderBy(child => child.Name, Utf8OrdinalComparer.Instance);

    public virtual SimulatedNode? Find(string name) => _children.GetValueOrDefault(name);

    /// <exception cref="ArgumentException">The directory has that name already, perhaps in another case.</exception>
    public SimulatedNode Add(SimulatedNode child)
    {
        _children.Add(child.Name, child);
        child.Parent = this;
        return child;
    }

    public void Remove(SimulatedNode child)
    {
        _children.Remove(child.Name);
        child.Parent = null;
    }

    /// <summary>A tree of its own with the same files and hard links.</summary>
    /// <param name="name">Its name; null for the same.</param>
    public SimulatedNode CopyTree(string? name = null)
    {
        var copies = new Dictionary<SimulatedFile, SimulatedFile>(ReferenceEqualityComparer.Instance);
        return Copy(this, name ?? Name);

        SimulatedNode Copy(SimulatedNode node, string newName)
        {
            if (!copies.TryGetValue(node.File, out SimulatedFile? file))
            {
                copies.Add(node.File, file = node.File.Copy());
            }

            var copy = new SimulatedNode(newName, file) { Sealed = node.Sealed };
            foreach (SimulatedNode child in node._children.Values)
            {
                copy.Add(Copy(child, child.Name));
            }

            return copy;
        }
    }

    /// <summary>The id that the file of a path gets.</summary>
    public static Guid FileId(string path) => new(SHA256.HashData(Encoding.Unicode.GetBytes(path)).AsSpan(0, 16));

    /// <summary>
    /// Gives every file below its id and its number of links. Ids come from the path of the first name, so that they never differ between
    /// runs.
    /// </summary>
    public void Number(string prefix)
    {
        var seen = new HashSet<SimulatedFile>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<(SimulatedNode Node, string Path)>();
        pending.Push((this, prefix));
        while (pending.TryPop(out (SimulatedNode Node, string Path) item))
        {
            SimulatedFile file = item.Node.File;
            if (seen.Add(file))
            {
                file.Id = file.IsShared ? file.Id : FileId(item.Path);
                file.Links = file.IsShared ? file.Links : 1;
            }
            else
            {
                file.Links += file.IsShared ? 0u : 1;
            }

            foreach (SimulatedNode? child in item.Node.ExportOrder.Reverse())
            {
                pending.Push((child, item.Path + "\\" + child.Name));
            }
        }
    }
}
