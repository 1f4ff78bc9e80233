using System.Globalization;
using System.Text;

namespace AotLayers.Native.Header;

/// <summary>Writes the header: C99 and later, C++11 and later, no warnings in strict builds.</summary>
internal static class HeaderWriter
{
    private const int Width = 100;

    private const string Top = """
        /*
         * aotlayers.h: reads Windows container image layers, from C and from whatever calls C.
         *
         * Generated from the exports of AotLayers.Native by generators/AotLayers.Native.Header. Do not edit: a test fails when the two differ.
         *
         * - Strings are UTF-8 and NUL-terminated; names of Windows files that UTF-8 cannot carry are WTF-8. Those passed in stay the caller's.
         * - Functions return an int32_t in the manner of HRESULT: negative is failure, and aotl_last_error() then tells this thread what it was.
         *   Out parameters are written on success only, except where their description says so. No exception leaves the library.
         * - Readers are handles, not pointers: using one after aotl_close, twice, or one of another copy of the library gives AOTL_E_HANDLE.
         *   A reader may go from thread to thread, and any number of readers may be used at the same time; a second call on one reader while another
         *   thread is inside one gives AOTL_E_BUSY and changes nothing.
         * - Structs that the caller passes begin with struct_size: set it to sizeof, or start from the AOTL_..._INIT macro. Later versions add fields at
         *   the end, and write no more than the caller has.
         * - The library starts at the first call, not when it is loaded, and stays until the process ends: FreeLibrary and dlclose do not unload it.
         *   Do not call it from DllMain or from a signal handler.
         */
        #ifndef AOTLAYERS_H
        #define AOTLAYERS_H

        #include <stddef.h>
        #include <stdint.h>

        #if UINTPTR_MAX < UINT64_MAX
        #error "aotlayers is a library for 64-bit systems"
        #endif

        /* Calling convention of every function and callback. */
        #if defined(_WIN32)
        #define AOTL_CALL __cdecl
        #else
        #define AOTL_CALL
        #endif

        /* Define AOTL_NO_IMPORT when the library is loaded by LoadLibrary, or linked in another way than through its import library. */
        #if defined(_WIN32) && !defined(AOTL_NO_IMPORT)
        #define AOTL_API __declspec(dllimport)
        #else
        #define AOTL_API
        #endif

        #if defined(__cplusplus)
        #define AOTL_STATIC_ASSERT(condition, message) static_assert(condition, message)
        extern "C" {
        #elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
        #define AOTL_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
        #else
        #define AOTL_STATIC_ASSERT(condition, message) struct aotl_static_assert
        #endif


        """;

    private const string Bottom = """
        #if defined(__cplusplus)
        }
        #endif

        #endif

        """;

    /// <summary>The whole header.</summary>
    public static string Write(CInterface declared)
    {
        var text = new StringBuilder(Top);
        foreach (CConstantGroup group in declared.Constants)
        {
            Write(text, group);
        }

        // Callbacks mention structs and functions mention both.
        foreach (CStruct type in declared.Structs)
        {
            Write(text, type);
        }

        foreach (CFunction callback in declared.Callbacks)
        {
            Comment(text, "", callback.Documentation);
            text.Append(
                CultureInfo.InvariantCulture,
                $"typedef {Pad(callback.ReturnType)}(AOTL_CALL *{callback.Name})({Parameters(callback)});\n\n");
        }

        foreach (CSection section in declared.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"/* {section.Title}. */\n\n");
            foreach (CFunction function in section.Functions)
            {
                Comment(text, "", function.Documentation);
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"AOTL_API {Pad(function.ReturnType)}AOTL_CALL {function.Name}({Parameters(function)});\n\n");
            }
        }

        text.Append("/* Types of the functions, for dlsym and GetProcAddress. */\n");
        foreach (CFunction function in declared.Functions)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"typedef {Pad(function.ReturnType)}(AOTL_CALL *{function.Name}_fn)({Parameters(function)});\n");
        }

        return text.Append('\n').Append(Bottom).ToString();
    }

    private static void Write(StringBuilder text, CConstantGroup group)
    {
        text.Append(CultureInfo.InvariantCulture, $"/* {group.Title}. */\n\n");
        foreach (CConstant constant in group.Constants)
        {
            Comment(text, "", constant.Documentation);
            text.Append(CultureInfo.InvariantCulture, $"#define {constant.Name} {Value(constant.Value, group.Hexadecimal)}\n\n");
        }
    }

    private static string Value(object value, bool hexadecimal) => value switch
    {
        uint bits => string.Create(CultureInfo.InvariantCulture, $"0x{bits:X}u"),
        int code when hexadecimal => string.Create(CultureInfo.InvariantCulture, $"((int32_t)0x{code:X8})"),
        int number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"a constant of {value.GetType()} has no C form here"),
    };

    private static void Write(StringBuilder text, CStruct type)
    {
        Comment(text, "", type.Documentation);
        if (type.IsOpaque)
        {
            text.Append(CultureInfo.InvariantCulture, $"typedef struct {type.Name} {type.Name};\n\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"typedef struct {type.Name} {{\n");
        foreach (CField field in type.Fields)
        {
            Comment(text, "    ", field.Documentation);
            string array = field.Elements > 0 ? string.Create(CultureInfo.InvariantCulture, $"[{field.Elements}]") : "";
            text.Append(CultureInfo.InvariantCulture, $"    {Pad(field.Type)}{field.Name}{array};\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"}} {type.Name};\n\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"AOTL_STATIC_ASSERT(sizeof({type.Name}) == {type.Size}, \"{type.Name} has another size in the library\");\n");
        foreach (CField field in type.Fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"AOTL_STATIC_ASSERT(offsetof({type.Name}, {field.Name}) == {field.Offset}, "
                + $"\"{type.Name}.{field.Name} is elsewhere in the library\");\n");
        }

        string rest = string.Join(
            ", ",
            type.Fields.Skip(1).Select(field => field.Elements > 0 ? "{ 0 }" : field.Type.EndsWith('*') ? "NULL" : "0"));
        text.Append(CultureInfo.InvariantCulture, $"\n/** {type.Name} value = {type.Name.ToUpperInvariant()}_INIT; */\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"#define {type.Name.ToUpperInvariant()}_INIT {{ (uint32_t)sizeof({type.Name}), {rest} }}\n\n");
    }

    private static string Parameters(CFunction function) =>
        function.Parameters.Count == 0
            ? "void"
            : string.Join(", ", function.Parameters.Select(parameter => Pad(parameter.Type) + parameter.Name));

    private static string Pad(string type) => type.EndsWith('*') ? type : type + " ";

    /// <summary>A comment, wrapped; lines of the text begin new ones.</summary>
    private static void Comment(StringBuilder text, string indent, string documentation)
    {
        List<string> lines = [.. documentation.Split('\n').SelectMany(paragraph => Wrap(paragraph, Width - indent.Length - 3))];
        if (lines.Count == 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}/** {lines[0]} */\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"{indent}/**\n");
        foreach (string line in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent} * {line}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{indent} */\n");
    }

    private static IEnumerable<string> Wrap(string paragraph, int width)
    {
        bool continued = paragraph.StartsWith('@') || paragraph.StartsWith("- ", StringComparison.Ordinal);
        var line = new StringBuilder();
        foreach (string word in paragraph.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
                line.Append(continued ? "    " : "");
            }
            else if (line.Length > 0)
            {
                line.Append(' ');
            }

            line.Append(word);
        }

        yield return line.ToString();
    }
}
