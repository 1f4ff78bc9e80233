using System.Globalization;
using System.Text;

namespace AotLayers.Interop;

/// <summary>
/// One difference between a recording and a program that is compared with it. The direction is the same everywhere:
/// <see cref="Expected"/> is what the recording says, <see cref="Actual"/> what the program did now.
/// </summary>
public sealed record ReplayMismatch
{
    /// <summary>How the program left the recording.</summary>
    public required ReplayMismatchKind Kind { get; init; }

    /// <summary>Number of the program's call, from 1.</summary>
    public required long CallNumber { get; init; }

    /// <summary>API of the program's call.</summary>
    public required string Api { get; init; }

    /// <summary>Function that the program called.</summary>
    public required string Function { get; init; }

    /// <summary>Path of the argument that differs, for example <c>in.parents[0].path</c>.</summary>
    public string? Argument { get; init; }

    /// <summary>What the recording says.</summary>
    public string? Expected { get; init; }

    /// <summary>What the program did.</summary>
    public string? Actual { get; init; }

    /// <summary>The recording's name.</summary>
    public string? Source { get; init; }

    /// <summary><c>seq</c> of the recorded call that was expected, or 0.</summary>
    public long ExpectedSeq { get; init; }

    /// <summary>Line of that call in the recording, or 0.</summary>
    public long Line { get; init; }

    /// <summary>Symbols of the handles that go into this call.</summary>
    public IReadOnlyList<string> Handles { get; init; } = [];

    /// <summary>What happened so far to the handles of this call, oldest first.</summary>
    public IReadOnlyList<string> HandleLife { get; init; } = [];

    /// <summary>What may have caused it.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"call {CallNumber}, {Api}!{Function}: ").Append(Kind switch
        {
            ReplayMismatchKind.Exhausted => "nothing left to answer with",
            ReplayMismatchKind.Unexpected => "not in the recording",
            ReplayMismatchKind.OutOfOrder => "out of order",
            _ => $"argument {Argument} differs",
        });
        if (Expected is not null)
        {
            text.Append("\n  expected (recording): ").Append(Expected);
        }

        if (Actual is not null)
        {
            text.Append("\n  actual (program):     ").Append(Actual);
        }

        if (Line > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  recorded as seq {ExpectedSeq} in {Source}, line {Line}");
        }

        foreach (string step in HandleLife)
        {
            text.Append("\n  life: ").Append(step);
        }

        for (int i = 0; i < Hints.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  hint {i + 1}: {Hints[i]}");
        }

        return text.ToString();
    }
}
