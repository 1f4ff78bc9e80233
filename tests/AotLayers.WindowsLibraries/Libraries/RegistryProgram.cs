using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AotLayers.Interop;

namespace AotLayers.WindowsLibraries;

/// <summary>A key with values of several types, read back with rooms that fit and rooms that do not, listed and removed.</summary>
internal static class RegistryProgram
{
    private const string Root = @"Software\AotLayers Library Test";
    private const uint AllAccess = 0xF003F;
    private const uint Text = 1;
    private const uint Binary = 3;
    private const uint Number = 4;

    /// <summary>Times differ from run to run.</summary>
    public static CallRules Rules { get; } = new CallRules().Redact(null, "lastWriteTime", 0);

    /// <summary>Runs it.</summary>
    /// <returns>What it saw, line by line.</returns>
    public static IReadOnlyList<string> Run(IRegistry registry)
    {
        List<string> seen = [];
        void Say(FormattableString line) => seen.Add(line.ToString(CultureInfo.InvariantCulture));

        Say($"missing: {registry.RegOpenKeyExW(Registry.CurrentUser, Root, 0, AllAccess, out _)}");
        int status = registry.RegCreateKeyExW(Registry.CurrentUser, Root, 0, null, 0, AllAccess, 0, out nint root, out uint made);
        Say($"create: {status} {made}");
        status = registry.RegCreateKeyExW(Registry.CurrentUser, Root, 0, null, 0, AllAccess, 0, out nint same, out made);
        Say($"again: {status} {made}");
        Say($"close: {registry.RegCloseKey(same)}");

        byte[] text = Encoding.Unicode.GetBytes("ä text\0");
        byte[] number = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, 0xCAFE);
        Say($"set text: {registry.RegSetValueExW(root, "text", 0, Text, text, (uint)text.Length)}");
        Say($"set number: {registry.RegSetValueExW(root, "number", 0, Number, number, 4)}");
        Say($"set default: {registry.RegSetValueExW(root, null, 0, Binary, [1, 2, 3], 3)}");
        Say($"set nothing: {registry.RegSetValueExW(root, "nothing", 0, Binary, [], 0)}");

        // The two-call pattern: no room and too little room tell the size, each in its way.
        uint size = 0;
        Say($"no room: {registry.RegQueryValueExW(root, "text", 0, out uint type, [], ref size)} {type} {size}");
        byte[] data = new byte[4];
        size = 4;
        Say($"too little: {registry.RegQueryValueExW(root, "text", 0, out type, data, ref size)} {type} {size}");
        data = new byte[size];
        Say($"enough: {registry.RegQueryValueExW(root, "text", 0, out type, data, ref size)} {Encoding.Unicode.GetString(data)[..^1]}");
        size = (uint)data.Length;
        status = registry.RegQueryValueExW(root, "nothing", 0, out type, data, ref size);
        Say($"empty: {status} {type} {size}");
        Say($"no such value: {registry.RegQueryValueExW(root, "none", 0, out _, data, ref size)}");
        char[] characters = new char[3];
        size = 6;
        Say($"too few characters: {registry.GetText(root, null, "text", 2, out type, characters, ref size)} {size}");
        characters = new char[size / 2];
        status = registry.GetText(root, null, "text", 2, out type, characters, ref size);
        Say($"characters: {status} {type} {size} {new string(characters).Replace('\0', '.')}");

        ListValues(registry, root, Say);
        ListKeys(registry, root, Say);

        Say($"delete value: {registry.RegDeleteValueW(root, "number")} {registry.RegDeleteValueW(root, "number")}");
        Say($"close: {registry.RegCloseKey(root)}");
        Say($"delete: {registry.RegDeleteTreeW(Registry.CurrentUser, Root)} {registry.RegDeleteTreeW(Registry.CurrentUser, Root)}");
        Say($"close what is always open: {registry.RegCloseKey(Registry.CurrentUser)}");
        return seen;
    }

    private static void ListValues(IRegistry registry, nint root, Action<FormattableString> say)
    {
        char[] name = new char[32];
        byte[] data = new byte[64];
        for (uint i = 0; ; i++)
        {
            uint length = (uint)name.Length;
            uint size = (uint)data.Length;
            int status = registry.RegEnumValueW(root, i, name, ref length, 0, out uint type, data, ref size);
            if (status != 0)
            {
                say($"no more values: {status}");
                return;
            }

            say($"value: \"{new string(name, 0, (int)length)}\" {type} {Convert.ToHexString(data, 0, (int)size)}");
        }
    }

    private static void ListKeys(IRegistry registry, nint root, Action<FormattableString> say)
    {
        foreach (string name in new[] { "one", "two and more" })
        {
            int status = registry.RegCreateKeyExW(root, name, 0, null, 0, AllAccess, 0, out nint key, out uint made);
            say($"create: {status} {made} {registry.RegCloseKey(key)}");
        }

        int counted = registry.RegQueryInfoKeyW(
            root,
            0,
            0,
            0,
            out uint keys,
            out uint longest,
            out _,
            out uint values,
            out uint longestName,
            out uint longestValue,
            out _,
            out _);
        say($"count: {counted}, {keys} keys {longest}, {values} values {longestName} {longestValue}");
        char[] characters = new char[longest + 1];
        for (uint i = 0; ; i++)
        {
            uint length = 2;
            say($"too short: {registry.RegEnumKeyExW(root, i, characters.AsSpan(0, 2), ref length, 0, 0, 0, out _)}");
            length = (uint)characters.Length;
            int status = registry.RegEnumKeyExW(root, i, characters, ref length, 0, 0, 0, out _);
            if (status != 0)
            {
                say($"no more keys: {status}");
                return;
            }

            say($"key: \"{new string(characters, 0, (int)length)}\"");
        }
    }
}
