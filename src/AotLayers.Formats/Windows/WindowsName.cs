namespace AotLayers.Formats;

/// <summary>What is wrong with a name on Windows.</summary>
[Flags]
public enum WindowsNameProblems
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is empty, <c>.</c> or <c>..</c>.</summary>
    NoName = 1,

    /// <summary>NTFS has no name longer than 255 UTF-16 units.</summary>
    TooLong = 2,

    /// <summary>A character that no name can have: below blank, or one of <c>&lt; &gt; : " / \ | ? *</c>.</summary>
    InvalidCharacter = 4,

    /// <summary>It ends with a dot or a blank, which Win32 cuts off: most programs cannot open or delete it.</summary>
    TrailingDotOrSpace = 8,

    /// <summary>Win32 opens a device instead (<see cref="WindowsDeviceName"/>).</summary>
    ReservedDevice = 16,

    /// <summary>A lone surrogate: no text in Unicode.</summary>
    LoneSurrogate = 32,
}

/// <summary>Rules for one component of a path on Windows.</summary>
public static class WindowsName
{
    /// <summary>Longest name in UTF-16 units.</summary>
    public const int MaxLength = 255;

    private const string Invalid = "<>:\"/\\|?*";

    /// <summary>Finds everything that is wrong with a name.</summary>
    /// <param name="name">One component, without separators.</param>
    public static WindowsNameProblems Check(ReadOnlySpan<char> name)
    {
        WindowsNameProblems problems = WindowsNameProblems.None;
        if (name.IsEmpty || name.SequenceEqual(".") || name.SequenceEqual(".."))
        {
            return WindowsNameProblems.NoName;
        }

        if (name.Length > MaxLength)
        {
            problems |= WindowsNameProblems.TooLong;
        }

        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (c < ' ' || Invalid.Contains(c))
            {
                problems |= WindowsNameProblems.InvalidCharacter;
            }
            else if (char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c))
            {
                problems |= WindowsNameProblems.LoneSurrogate;
            }
        }

        problems |= name[^1] is '.' or ' ' ? WindowsNameProblems.TrailingDotOrSpace : 0;
        problems |= WindowsDeviceName.Find(name) is not null ? WindowsNameProblems.ReservedDevice : 0;
        return problems;
    }

    /// <summary>One sentence for each problem.</summary>
    /// <param name="problems">What <see cref="Check"/> found.</param>
    public static IEnumerable<string> Describe(WindowsNameProblems problems)
    {
        foreach ((WindowsNameProblems problem, string text) in new[]
        {
            (WindowsNameProblems.NoName, "it is no name"),
            (WindowsNameProblems.TooLong, "it is longer than 255 characters"),
            (WindowsNameProblems.InvalidCharacter, "it has a character that Windows does not allow"),
            (WindowsNameProblems.TrailingDotOrSpace, "it ends with a dot or a blank, which Windows cuts off"),
            (WindowsNameProblems.ReservedDevice, "it is the name of a device"),
            (WindowsNameProblems.LoneSurrogate, "it has a lone surrogate"),
        })
        {
            if ((problems & problem) != 0)
            {
                yield return text;
            }
        }
    }
}
