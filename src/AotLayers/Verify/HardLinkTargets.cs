using AotLayers.Formats;

namespace AotLayers;

/// <summary>What became of a hard link's target.</summary>
internal enum HardLinkState
{
    /// <summary>It is in a parent.</summary>
    InParent,

    /// <summary>It is in this layer, behind the link.</summary>
    Later,

    /// <summary>It would be there with <c>Files\</c> before it.</summary>
    LacksFiles,

    /// <summary>It is nowhere.</summary>
    Missing,

    /// <summary>It may be in a parent; none is known.</summary>
    Unknown,
}

/// <summary>Hard links whose target had not come when they came.</summary>
internal sealed class HardLinkTargets
{
    private readonly NameTree _names = new();
    private readonly List<int> _links = [];
    private readonly List<int> _targets = [];
    private readonly List<long> _offsets = [];

    /// <summary>Whether Windows lets a hard link or a whiteout be there.</summary>
    /// <param name="name">Name with backslashes.</param>
    public static bool IsLinkable(string name) => WindowsPath.IsBelow(name, "Files") || WindowsPath.IsBelow(name, @"UtilityVM\Files");

    /// <summary>Remembers a hard link whose target did not come yet.</summary>
    public void Add(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind != VerifyEntryKind.HardLink || entry.Node < 0 || !WindowsPath.IsSafeRelative(entry.Target, out _)
            || !IsLinkable(entry.Name))
        {
            return;
        }

        int target = run.Names.Find(entry.Target);
        if (target < 0 || ((run.Names[target] & NameFlags.Present) == 0 && target != entry.Node))
        {
            _links.Add(entry.Node);
            _targets.Add(_names.Add(entry.Target, out _));
            _offsets.Add(entry.Offset);
        }
    }

    /// <summary>Looks for the targets again, when all is known.</summary>
    /// <param name="run">The layer.</param>
    /// <param name="tell">Told link, offset, target, state.</param>
    public void Find(VerifyRun run, Action<string, long, string, HardLinkState> tell)
    {
        for (int i = 0; i < _links.Count; i++)
        {
            string target = _names.PathOf(_targets[i]);
            tell(run.Names.PathOf(_links[i]), _offsets[i], target, StateOf(run, target));
        }
    }

    private static HardLinkState StateOf(VerifyRun run, string target)
    {
        if (IsPresent(run, target))
        {
            return HardLinkState.Later;
        }

        if (!IsLinkable(target))
        {
            return IsPresent(run, @"Files\" + target) ? HardLinkState.LacksFiles : HardLinkState.Missing;
        }

        if (run.Parents.Count > 0)
        {
            return LayerNames.TryFind(run.Parents, target, out bool directory) && !directory
                ? HardLinkState.InParent
                : HardLinkState.Missing;
        }

        int system = run.Names.Find(@"Files\Windows\System32\config\SYSTEM");
        bool isBase = !run.Has(LayerTop.Hives) && system >= 0 && (run.Names[system] & NameFlags.Present) != 0;
        return isBase ? HardLinkState.Missing : HardLinkState.Unknown;
    }

    private static bool IsPresent(VerifyRun run, string name)
    {
        int node = run.Names.Find(name);
        return node >= 0 && (run.Names[node] & NameFlags.Present) != 0;
    }
}
