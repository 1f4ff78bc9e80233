using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// Faults for a generated fault injector: fail a call with a code, short reads, a stream that is cut, an absent export. Every fault has to
/// happen: <see cref="VerifyComplete"/> says which did not. Thread-safe.
/// </summary>
public sealed class FaultPlan
{
    private readonly Lock _lock = new();
    private readonly List<FailRule> _fails = [];
    private readonly List<ReadRule> _reads = [];
    private readonly List<AbsentRule> _absent = [];
    private readonly Dictionary<string, NativeApiInfo> _apis = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Function, nint Handle), long> _readBytes = [];
    private long _calls;

    /// <summary>Reads a plan from JSON: <c>fail</c>, <c>shortReads</c>, <c>cut</c>, <c>absent</c>, <c>missing</c>, each an array.</summary>
    /// <exception cref="FormatException">The text is not a fault plan.</exception>
    public static FaultPlan Parse(string json) => FaultPlanModel.Parse(json);

    /// <summary>Told of each fault when it happens for the first time, by what <see cref="VerifyComplete"/> calls it.</summary>
    public Action<string>? Happened { get; set; }

    /// <summary>
    /// Adds a fault in the form of one line (docs/toolkit/faults.md#in-one-line): <c>ExportLayerRead#7=0x80070017</c>,
    /// <c>Read=short:100</c>, <c>absent:ExportLayerBegin</c>.
    /// </summary>
    /// <exception cref="FormatException">The text is no fault.</exception>
    public FaultPlan Add(string fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        FaultSpec.Add(this, fault);
        return this;
    }

    /// <summary>Fails a call of one function.</summary>
    /// <param name="function">The function, or <c>api!function</c>.</param>
    /// <param name="call">Which of its calls, from 1; 0 means every one.</param>
    /// <param name="code">HRESULT, Win32 code, or last error for functions that return BOOL or a handle; not zero, which is
    /// success.</param>
    public FaultPlan Fail(string function, int call, long code)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        ArgumentOutOfRangeException.ThrowIfNegative(call);
        ArgumentOutOfRangeException.ThrowIfZero(code);
        _fails.Add(new FailRule(function, call, code));
        return this;
    }

    /// <summary>Fails the call with the given number among all calls.</summary>
    /// <param name="call">Which call of the program, from 1.</param>
    /// <param name="code">As in <see cref="Fail"/>.</param>
    public FaultPlan FailCall(int call, long code)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(call);
        ArgumentOutOfRangeException.ThrowIfZero(code);
        _fails.Add(new FailRule(null, call, code));
        return this;
    }

    /// <summary>Stream reads are given at most this many bytes at a time.</summary>
    /// <param name="size">Most bytes per read, at least 1.</param>
    /// <param name="function">The stream read, or null for all.</param>
    /// <param name="call">Which of the reads, from 1; 0 means every one.</param>
    public FaultPlan ShortReads(int size, string? function = null, int call = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegative(call);
        _reads.Add(new ReadRule(function, size, long.MaxValue, call));
        return this;
    }

    /// <summary>Streams end early: once a handle has given this many bytes in all, every further read of it gives zero bytes.</summary>
    /// <param name="bytes">Bytes that are still served.</param>
    /// <param name="function">The stream read, or null for all.</param>
    public FaultPlan CutStream(long bytes, string? function = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _reads.Add(new ReadRule(function, int.MaxValue, bytes, 0));
        return this;
    }

    /// <summary>The export is not there.</summary>
    public FaultPlan Absent(string export)
    {
        ArgumentException.ThrowIfNullOrEmpty(export);
        _absent.Add(new AbsentRule(export, isLibrary: false));
        return this;
    }

    /// <summary>The library of an API is not there.</summary>
    public FaultPlan LibraryMissing(string api)
    {
        ArgumentException.ThrowIfNullOrEmpty(api);
        _absent.Add(new AbsentRule(api, isLibrary: true));
        return this;
    }

    /// <summary>Tells the plan of an API that it is applied to; generated fault injectors call it when they are made.</summary>
    /// <returns>The plan itself.</returns>
    /// <exception cref="ArgumentException">The plan fails a function of the API that cannot fail, or names one of it that is
    /// none.</exception>
    public FaultPlan For(NativeApiInfo api)
    {
        ArgumentNullException.ThrowIfNull(api);
        lock (_lock)
        {
            _apis[api.Name] = api;
            foreach (FailRule rule in _fails)
            {
                if (rule.Function is { } name && (IsQualified(name, api) || !name.Contains('!', StringComparison.Ordinal)))
                {
                    NativeFunctionInfo? function = api.FindFunction(name[(name.IndexOf('!', StringComparison.Ordinal) + 1)..]);
                    if (function is { CanFail: false })
                    {
                        throw new ArgumentException(
                            $"{api.Name}!{function.Name} cannot fail: its return value is no result. Take {rule} out of the plan.");
                    }

                    if (function is null && IsQualified(name, api))
                    {
                        throw new ArgumentException(
                            $"{api.Name} has no function {name[(api.Name.Length + 1)..]}: {rule} can never happen.");
                    }
                }
            }
        }

        return this;
    }

    /// <summary>To be called when the plan was applied to all APIs: throws when it names a function, an export or an API of none of
    /// them.</summary>
    /// <exception cref="ArgumentException">What is unknown.</exception>
    public void VerifyNames()
    {
        lock (_lock)
        {
            foreach (FailRule rule in _fails)
            {
                ThrowIfUnknown(rule.Function, rule, IsFunction(rule.Function));
            }

            foreach (ReadRule rule in _reads)
            {
                ThrowIfUnknown(rule.Function, rule, IsFunction(rule.Function));
            }

            foreach (AbsentRule rule in _absent)
            {
                ThrowIfUnknown(
                    rule.Name,
                    rule,
                    rule.IsLibrary
                        ? _apis.ContainsKey(rule.Name)
                        : _apis.Values.Any(api => api.Exports.Any(export => Names(rule.Name, api, export))));
            }
        }
    }

    /// <summary>
    /// To be called when the program is through: throws when a fault never happened, because its function is unknown or was not called so
    /// often.
    /// </summary>
    /// <exception cref="InvalidOperationException">The faults that did not happen.</exception>
    public void VerifyComplete()
    {
        lock (_lock)
        {
            List<string> never = [.. _fails.Where(static r => !r.Fired).Select(r => $"{r}{Unknown(r.Function)}")];
            never.AddRange(_reads.Where(static r => !r.Fired).Select(r => $"{r}{Unknown(r.Function)}"));
            never.AddRange(_absent.Where(static r => !r.Fired).Select(r => r.ToString()));
            if (never.Count > 0)
            {
                throw new InvalidOperationException($"faults of the plan that never happened: {string.Join("; ", never)}");
            }
        }
    }

    /// <summary>What the plan makes of an export's status.</summary>
    /// <param name="api">The API.</param>
    /// <param name="export">The export.</param>
    /// <param name="status">What the inner object says.</param>
    public ExportStatus Probe(NativeApiInfo api, string export, ExportStatus status)
    {
        ArgumentNullException.ThrowIfNull(api);
        foreach (AbsentRule rule in _absent)
        {
            if (rule.IsLibrary ? rule.Name == api.Name : status == ExportStatus.Present && Names(rule.Name, api, export))
            {
                Fire(rule);
                return rule.IsLibrary ? ExportStatus.LibraryMissing : ExportStatus.ExportMissing;
            }
        }

        return status;
    }

    /// <summary>
    /// Called first in every function: counts the call, throws what the native binding throws when the plan has the export absent,
    /// and tells whether the call fails without reaching the inner object.
    /// </summary>
    /// <exception cref="MissingLibraryException">The plan has the library missing.</exception>
    /// <exception cref="MissingExportException">The plan has the export absent.</exception>
    public bool TryFail(NativeApiInfo api, string function, out long code)
    {
        ArgumentNullException.ThrowIfNull(api);
        MissingExportException.ThrowUnlessPresent(Probe(api, function, ExportStatus.Present), api.Library, function);
        lock (_lock)
        {
            _calls++;
            code = 0;
            bool fails = false;
            foreach (FailRule rule in _fails)
            {
                if (rule.Function is null ? rule.Call == _calls : Names(rule.Function, api, function) && rule.Count())
                {
                    if (api.FindFunction(function) is { CanFail: false })
                    {
                        throw new InvalidOperationException(
                            $"Call {_calls} is {api.Name}!{function}, which cannot fail: {rule} cannot happen.");
                    }

                    Fire(rule);
                    code = rule.Code;
                    fails = true;
                }
            }

            return fails;
        }
    }

    /// <summary>
    /// How many bytes a stream read may ask for. Zero for a capacity above zero means: the stream is cut, return success and zero bytes
    /// without calling on.
    /// </summary>
    public int LimitRead(NativeApiInfo api, string function, nint handle, int capacity)
    {
        ArgumentNullException.ThrowIfNull(api);
        lock (_lock)
        {
            long done = _readBytes.GetValueOrDefault((function, handle));
            long limit = capacity;
            foreach (ReadRule rule in _reads)
            {
                if ((rule.Function is null || Names(rule.Function, api, function)) && rule.Count())
                {
                    long most = Math.Min(rule.Size, Math.Max(0, rule.Bytes - done));
                    if (most < capacity)
                    {
                        Fire(rule);
                    }

                    limit = Math.Min(limit, most);
                }
            }

            return (int)limit;
        }
    }

    /// <summary>Tells how many bytes a stream read gave.</summary>
    public void CountRead(NativeApiInfo api, string function, nint handle, int bytes)
    {
        ArgumentNullException.ThrowIfNull(api);
        lock (_lock)
        {
            _readBytes[(function, handle)] = _readBytes.GetValueOrDefault((function, handle)) + bytes;
        }
    }

    /// <summary>Tells that a handle ended: its value may come back for another stream.</summary>
    public void HandleEnded(nint handle)
    {
        lock (_lock)
        {
            foreach ((string Function, nint Handle) key in _readBytes.Keys.Where(k => k.Handle == handle).ToArray())
            {
                _readBytes.Remove(key);
            }
        }
    }

    private static bool Names(string rule, NativeApiInfo api, string function)
    {
        int bang = rule.IndexOf('!', StringComparison.Ordinal);
        return bang < 0
            ? rule == function
            : rule.AsSpan(0, bang).SequenceEqual(api.Name) && rule.AsSpan(bang + 1).SequenceEqual(function);
    }

    private static bool IsQualified(string name, NativeApiInfo api) =>
        name.Length > api.Name.Length && name[api.Name.Length] == '!' && name.StartsWith(api.Name, StringComparison.Ordinal);

    private static void ThrowIfUnknown(string? name, Rule rule, bool known)
    {
        if (!known)
        {
            throw new ArgumentException($"no API here has {name}: {rule} can never happen");
        }
    }

    private bool IsFunction(string? function) =>
        function is null || _apis.Values.Any(api => api.Functions.Any(f => Names(function, api, f.Name)));

    private string Unknown(string? function) =>
        _apis.Count == 0 || IsFunction(function) ? "" : $" (no API that the plan was applied to has {function})";

    private void Fire(Rule rule)
    {
        if (!rule.Fired)
        {
            rule.Fired = true;
            Happened?.Invoke(rule.ToString()!);
        }
    }

    private abstract class Rule
    {
        public bool Fired { get; set; }
    }

    private sealed class FailRule(string? function, int call, long code) : Rule
    {
        private long _seen;

        public string? Function { get; } = function;

        public int Call { get; } = call;

        public long Code { get; } = code;

        public bool Count() => ++_seen == Call || Call == 0;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"fail {Function ?? "the program's call"} {(Call == 0 ? "always" : Call)} with 0x{unchecked((uint)Code):x8}");
    }

    private sealed class ReadRule(string? function, int size, long bytes, int call) : Rule
    {
        private long _seen;

        public string? Function { get; } = function;

        public int Size { get; } = size;

        public long Bytes { get; } = bytes;

        public bool Count() => ++_seen == call || call == 0;

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{(Bytes == long.MaxValue ? $"short reads of {Size}" : $"a cut after {Bytes} bytes")} in {Function ?? "any stream"}")
            + (call == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", call {call}"));
    }

    private sealed class AbsentRule(string name, bool isLibrary) : Rule
    {
        public string Name { get; } = name;

        public bool IsLibrary { get; } = isLibrary;

        public override string ToString() => IsLibrary ? $"library of {Name} missing" : $"export {Name} absent";
    }
}
