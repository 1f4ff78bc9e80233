using System.Globalization;
using System.Text;

namespace AotLayers.Interop;

/// <summary>
/// Gives each distinct piece of text its placeholder. All pieces are collected first, so that the placeholders of names sort as the names
/// do. A placeholder has the length of what it stands for, in UTF-16 and, but for very short names, in UTF-8: sizes and counts in the
/// recorded calls stay right.
/// </summary>
internal sealed class Placeholders
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _guids = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _sids = new(StringComparer.OrdinalIgnoreCase);
    private bool _assigned;

    /// <summary>What names became.</summary>
    public IReadOnlyDictionary<string, string> Names => _names;

    /// <summary>What GUIDs became.</summary>
    public IReadOnlyDictionary<string, string> Guids => _guids;

    /// <summary>What SIDs became; those that mean the same everywhere stay.</summary>
    public IReadOnlyDictionary<string, string> Sids => _sids;

    /// <summary>How many placeholders are longer than what they stand for, since there are not enough short ones.</summary>
    public int Longer { get; private set; }

    /// <summary>The placeholder of a piece; while pieces are collected, the piece itself.</summary>
    public string Place(TextPieceKind kind, string piece)
    {
        Dictionary<string, string> all = kind switch
        {
            TextPieceKind.Guid => _guids,
            TextPieceKind.Sid => _sids,
            _ => _names,
        };
        if (_assigned)
        {
            return all[piece];
        }

        all.TryAdd(piece, piece);
        return piece;
    }

    /// <summary>All pieces are known: gives them their placeholders.</summary>
    public void Assign()
    {
        _assigned = true;
        AssignNames();
        int number = 0;
        foreach (string guid in _guids.Keys.Order(StringComparer.OrdinalIgnoreCase).ToArray())
        {
            string placeholder;
            do
            {
                placeholder = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-0000-0000-{++number:x12}");
            }
            while (_guids.ContainsKey(placeholder));
            _guids[guid] = placeholder;
        }

        AssignSids();
    }

    private void AssignNames()
    {
        string[] names = [.. _names.Keys.Order(StringComparer.OrdinalIgnoreCase).ThenBy(static name => name, StringComparer.Ordinal)];
        int width = 1;
        for (long room = Digits.Length; room < names.Length; room *= Digits.Length)
        {
            width++;
        }

        HashSet<string> taken = new(names, StringComparer.OrdinalIgnoreCase);
        char prefix = 'n';
        while (prefix < 'z' && Array.Exists(names, name => IsCode(name, prefix, width)))
        {
            prefix++;
        }

        for (int i = 0; i < names.Length; i++)
        {
            string code = prefix + Number(i, width);
            string placeholder = names[i].Length >= code.Length ? Fit(code, names[i]) : Short(names[i].Length, taken) ?? code;
            while (!taken.Add(placeholder))
            {
                placeholder += "x";
            }

            Longer += placeholder.Length > names[i].Length ? 1 : 0;
            _names[names[i]] = placeholder;
        }
    }

    private static bool IsCode(string name, char prefix, int width) =>
        name.Length > width && name[0] == prefix && name.AsSpan(1, width).Trim(Digits).IsEmpty;

    private static string Number(long value, int width)
    {
        char[] digits = new char[width];
        for (int i = width - 1; i >= 0; i--)
        {
            digits[i] = Digits[(int)(value % Digits.Length)];
            value /= Digits.Length;
        }

        return new string(digits);
    }

    // Behind the code, characters that take as much room in UTF-8 as those of the name.
    private static string Fit(string code, string name)
    {
        StringBuilder text = new(code, name.Length);
        StringBuilder wide = new();
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] >= 0x80)
            {
                bool pair = i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1]);
                wide.Append(pair ? "\U0001F4C4" : name[i] < 0x800 ? "\u00e4" : "\u4e00");
                i += pair ? 1 : 0;
            }
        }

        text.Append('x', Math.Max(0, name.Length - code.Length - wide.Length));
        for (int i = 0; i < wide.Length && text.Length < name.Length; i++)
        {
            bool pair = char.IsHighSurrogate(wide[i]);
            if (pair && text.Length + 2 > name.Length)
            {
                text.Append('x');
                break;
            }

            text.Append(wide[i]);
            if (pair)
            {
                text.Append(wide[++i]);
            }
        }

        return text.ToString();
    }

    private static string? Short(int length, HashSet<string> taken)
    {
        long count = (long)Math.Pow(Digits.Length, length);
        for (long i = 0; i < count; i++)
        {
            string text = Number(i, length);
            if (!taken.Contains(text))
            {
                return text;
            }
        }

        return null;
    }

    // S-1-5-21-... and those that are made of names and keys (S-1-5-80-..., S-1-12-1-..., S-1-15-2-...); the others mean the same
    // everywhere.
    private static bool IsOfAccount(string sid) => sid.Count('-') >= 6;

    private void AssignSids()
    {
        Dictionary<string, int> domains = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, int> accounts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string sid in _sids.Keys.Order(StringComparer.Ordinal).ToArray())
        {
            if (!IsOfAccount(sid))
            {
                continue;
            }

            // The authority and the first part stay; of S-1-5-21-a-b-c-n the last one is an account of the domain a-b-c.
            string[] parts = sid.Split('-');
            int account = parts[3] == "21" ? Math.Min(7, parts.Length) : parts.Length;
            int number = NumberOf(domains, string.Join('-', parts, 3, account - 3));
            for (int i = 4; i < account; i++)
            {
                parts[i] = SameLength(number, parts[i].Length);
            }

            // Below 1000 are the accounts that every domain has.
            for (int i = account; i < parts.Length; i++)
            {
                parts[i] = parts[i].Length > 3 ? SameLength(NumberOf(accounts, parts[i]), parts[i].Length) : parts[i];
            }

            _sids[sid] = string.Join('-', parts);
        }
    }

    private static int NumberOf(Dictionary<string, int> all, string key)
    {
        if (!all.TryGetValue(key, out int number))
        {
            number = all.Count + 1;
            all.Add(key, number);
        }

        return number;
    }

    // A number of so many digits; ten of them stay within 32 bits.
    private static string SameLength(int number, int length)
    {
        string digits = number.ToString(CultureInfo.InvariantCulture);
        return length <= digits.Length ? digits : "1" + digits.PadLeft(length - 1, '0');
    }
}
