using System.Globalization;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>
/// What a simulated machine lacks or does differently. The default is a machine with every export, on which everything works.
/// </summary>
public sealed class SimulatorOptions
{
    /// <summary>The options that <see cref="Parse"/> knows, for errors and usage texts.</summary>
    public const string Words =
        "absent=EXPORT,..., no-vmcompute, max-read=BYTES, state=FOLDER, not-elevated, destroy-leaves, partial-base or "
            + "fail=CALL:CODE[*TIMES]";

    /// <summary>
    /// Exports that the machine does not have, by name (<c>ExportLayerBegin</c>). <c>Probe</c> reports them missing and calling one throws
    /// <see cref="AotLayers.Interop.MissingExportException"/>, as with a real library.
    /// </summary>
    public IReadOnlyCollection<string> AbsentExports { get; init; } = [];

    /// <summary>The machine has no <c>vmcompute.dll</c> at all.</summary>
    public bool VmcomputeMissing { get; init; }

    /// <summary>Folder that the machine shows its layers in. Layers are found by base name wherever a path claims they are.</summary>
    public string Home { get; init; } = @"C:\layers";

    /// <summary>The user's temporary folder, without a trailing backslash.</summary>
    public string TempFolder { get; init; } = @"C:\Windows\SystemTemp";

    /// <summary>
    /// Most bytes that one read call returns; 0 means as many as the caller has room for. A small value exercises short reads.
    /// </summary>
    public int MaxReadBytes { get; init; }

    /// <summary>
    /// Real folder that keeps what calls change, so that processes with the same folder are one machine; null for a machine of this
    /// process alone.
    /// </summary>
    public string? StateFolder { get; init; }

    /// <summary>
    /// The caller is no elevated administrator: what needs that is refused with the codes that were measured
    /// (docs/windows/return-codes.md#codes-per-call).
    /// </summary>
    public bool NotElevated { get; init; }

    /// <summary>
    /// DestroyLayer says success and leaves the layer, as some Windows machines do (docs/windows/return-codes.md#codes-per-call).
    /// </summary>
    public bool DestroyLeaves { get; init; }

    /// <summary>
    /// The first ProcessBaseImage of a layer fails half-way and leaves <c>blank-base.vhdx</c>, over which no other one succeeds
    /// (docs/windows/return-codes.md#codes-per-call).
    /// </summary>
    public bool PartialBase { get; init; }

    /// <summary>Calls that fail, and how: an account of a machine's trouble that is not its callers' fault.</summary>
    public IReadOnlyList<SimulatedFailure> Failures { get; init; } = [];

    /// <summary>Reads options as they stand after the question mark of <c>sim:DIR?...</c>, separated by <c>&amp;</c>.</summary>
    /// <exception cref="FormatException">An option is not known, or its value is none.</exception>
    public static SimulatorOptions Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] absent = [];
        var failures = new List<SimulatedFailure>();
        var flags = new HashSet<string>(StringComparer.Ordinal);
        int maxRead = 0;
        string? state = null;
        foreach (string option in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? "" : option[(equals + 1)..];
            switch (equals < 0 ? option : option[..equals])
            {
                case "absent" when value.Length > 0:
                    absent = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
                    break;
                case "no-vmcompute" or "not-elevated" or "destroy-leaves" or "partial-base" when equals < 0:
                    flags.Add(option);
                    break;
                case "max-read" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out maxRead) && maxRead > 0:
                    break;
                case "state" when value.Length > 0:
                    state = value;
                    break;
                case "fail" when SimulatedFailure.TryParse(value) is { } failure:
                    failures.Add(failure);
                    break;
                default:
                    throw new FormatException($"the simulator does not know '{option}': expected {Words}");
            }
        }

        return new SimulatorOptions
        {
            AbsentExports = absent,
            VmcomputeMissing = flags.Contains("no-vmcompute"),
            MaxReadBytes = maxRead,
            StateFolder = state,
            NotElevated = flags.Contains("not-elevated"),
            DestroyLeaves = flags.Contains("destroy-leaves"),
            PartialBase = flags.Contains("partial-base"),
            Failures = failures,
        };
    }
}

/// <summary>A layer call that fails: <c>ActivateLayer:0x80070015*2</c> answers ERROR_NOT_READY twice, without <c>*2</c> always.</summary>
/// <param name="Call">The export.</param>
/// <param name="Code">HRESULT, or a Win32 code.</param>
/// <param name="Times">How often in this process; 0 for always.</param>
public sealed record SimulatedFailure(string Call, uint Code, int Times = 0)
{
    internal static SimulatedFailure? TryParse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int star = text.IndexOf('*', StringComparison.Ordinal);
        int times = 0;
        if (colon <= 0 || (star >= 0 && (star < colon
            || !int.TryParse(text.AsSpan(star + 1), NumberStyles.None, CultureInfo.InvariantCulture, out times)
            || times == 0)))
        {
            return null;
        }

        ReadOnlySpan<char> code = text.AsSpan()[(colon + 1)..(star < 0 ? text.Length : star)];
        bool ok = code.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(code[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)
            : uint.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return ok && HResult.FromWin32(value) < 0 ? new SimulatedFailure(text[..colon], value, times) : null;
    }
}
