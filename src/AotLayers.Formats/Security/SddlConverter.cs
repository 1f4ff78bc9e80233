using System.Text;

namespace AotLayers.Formats;

/// <summary>Security descriptors as people pass them around: SDDL text to base64 of its bytes, and back.</summary>
public static class SddlConverter
{
    /// <summary>Longest line that <see cref="ConvertLines"/> takes, in characters.</summary>
    public const int MaxLineLength = 1024 * 1024;

    /// <summary>What a line of output starts with when its input was neither SDDL nor base64.</summary>
    public const string ErrorPrefix = "error: ";

    /// <summary>Converts one text: SDDL gives base64, base64 (padded or not) gives SDDL. SDDL has a colon, base64 has none.</summary>
    /// <param name="text">The text; the empty one is the SDDL of a descriptor without any part.</param>
    /// <param name="domain">SID of the machine or domain that abbreviations like LA or DA stand for, if known.</param>
    /// <exception cref="LayerFormatException">The text is neither, or the descriptor has no SDDL.</exception>
    public static string Convert(string text, Sid? domain = null)
    {
        byte[] bytes = Read(text, out bool isSddl, domain);
        return isSddl ? System.Convert.ToBase64String(bytes) : SecurityDescriptor.Parse(bytes).ToSddl();
    }

    /// <summary>The bytes that a text stands for: compiled from SDDL, or decoded from base64 and checked, not changed.</summary>
    /// <param name="text">SDDL or base64.</param>
    /// <param name="isSddl">Which of the two it was.</param>
    /// <param name="domain">SID of the machine or domain that abbreviations like LA or DA stand for, if known.</param>
    /// <exception cref="LayerFormatException">The text is neither.</exception>
    public static byte[] Read(string text, out bool isSddl, Sid? domain = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        isSddl = text.Length == 0 || text.Contains(':');
        if (isSddl)
        {
            return SecurityDescriptor.FromSddl(text, domain).Encode();
        }

        byte[] bytes = DecodeBase64(text.Trim()) ?? throw SddlError.At(text, 0, "neither SDDL, which has O:, G:, D: or S:, nor base64");
        SecurityDescriptor.Validate(bytes);
        return bytes;
    }

    /// <summary>
    /// Converts line by line: each line of input gives one line of output, <see cref="ErrorPrefix"/> and a reason where it cannot be.
    /// </summary>
    /// <param name="input">Lines of SDDL or base64.</param>
    /// <param name="output">Receives the lines, ended by a line feed.</param>
    /// <param name="domain">SID of the machine or domain that abbreviations like LA or DA stand for, if known.</param>
    /// <returns>Number of lines that were neither.</returns>
    public static long ConvertLines(TextReader input, TextWriter output, Sid? domain = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        long errors = 0;
        var line = new StringBuilder();
        while (ReadLine(input, line, out bool tooLong))
        {
            string result;
            try
            {
                result = tooLong ? throw new LayerFormatException("line is too long") : Convert(line.ToString(), domain);
                if (result.AsSpan().ContainsAny('\r', '\n'))
                {
                    throw new LayerFormatException("its SDDL has more than one line");
                }
            }
            catch (LayerFormatException error)
            {
                errors++;
                result = ErrorPrefix + error.Reason.ReplaceLineEndings(" ");
            }

            output.Write(result);
            output.Write('\n');
        }

        return errors;
    }

    private static byte[]? DecodeBase64(string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimEnd('=');
        if (text.Length - digits.Length > 2 || digits.IsEmpty || digits.Length > SecurityDescriptor.MaxSize * 2)
        {
            return null;
        }

        string padded = string.Concat(digits, "===".AsSpan(0, (4 - (digits.Length % 4)) % 4));
        byte[] bytes = new byte[padded.Length / 4 * 3];
        return System.Convert.TryFromBase64String(padded, bytes, out int written) ? bytes[..written] : null;
    }

    /// <summary>Reads a line; of one that is too long only the fact is kept.</summary>
    private static bool ReadLine(TextReader input, StringBuilder line, out bool tooLong)
    {
        line.Clear();
        tooLong = false;
        int c = input.Read();
        if (c < 0)
        {
            return false;
        }

        for (; c >= 0 && c != '\n'; c = input.Read())
        {
            if (line.Length == MaxLineLength)
            {
                tooLong = true;
            }
            else
            {
                line.Append((char)c);
            }
        }

        if (line.Length > 0 && line[^1] == '\r')
        {
            line.Length--;
        }

        return true;
    }
}
