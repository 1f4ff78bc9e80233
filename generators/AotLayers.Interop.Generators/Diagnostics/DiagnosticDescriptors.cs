using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Every declaration that the generator cannot honour, or honours with a guess. Each has a page in docs/diagnostics.</summary>
internal static class DiagnosticDescriptors
{
    private const string Category = "AotLayers.Interop";

    public static readonly DiagnosticDescriptor NotStaticPartial = Create(
        "AOTL001", "A [NativeApi] class is static and partial", "The [NativeApi] class '{0}' must be declared static partial");

    public static readonly DiagnosticDescriptor NestedOrGeneric = Create(
        "AOTL002",
        "A [NativeApi] class stands alone",
        "The [NativeApi] class '{0}' must not be nested or generic: the types generated from it stand beside it");

    public static readonly DiagnosticDescriptor NotLibraryImport = Create(
        "AOTL003",
        "Every method of a [NativeApi] class is a [LibraryImport]",
        "'{0}' has no [LibraryImport]; move helper methods out of the [NativeApi] class");

    public static readonly DiagnosticDescriptor GenericMethod = Create(
        "AOTL004", "A declaration is not generic", "'{0}' is generic; an export has exactly one signature");

    public static readonly DiagnosticDescriptor Overload = Create(
        "AOTL005",
        "A declaration has a name of its own",
        "'{0}' is overloaded; recordings name functions by method name, so give each its own name and set EntryPoint");

    public static readonly DiagnosticDescriptor InaccessibleMethod = Create(
        "AOTL006", "A declaration is public or internal", "'{0}' is not accessible to the generated binding; make it public or internal");

    public static readonly DiagnosticDescriptor UnsupportedParameter = Create(
        "AOTL007", "The parameter's type can be recorded", "Parameter '{1}' of '{0}' cannot be recorded: {2}");

    public static readonly DiagnosticDescriptor UnsupportedReturn = Create(
        "AOTL008", "The return type can be recorded", "The return type of '{0}' cannot be recorded: {1}");

    public static readonly DiagnosticDescriptor BufferOnNonSpan = Create(
        "AOTL009", "[Buffer] is for spans", "[Buffer] on '{1}' of '{0}' needs a Span or ReadOnlySpan parameter");

    public static readonly DiagnosticDescriptor BufferSize = Create(
        "AOTL010", "[Buffer] names integer parameters", "[Buffer({2} = \"{3}\")] on '{1}' of '{0}' {4}");

    public static readonly DiagnosticDescriptor BufferUnknownWritten = Create(
        "AOTL011", "An out-buffer says how much was written", "The Span '{1}' of '{0}' needs [Buffer] with Written or "
            + "WrittenByReturnValue: memory that the callee did not write must not be recorded");

    public static readonly DiagnosticDescriptor HandleType = Create(
        "AOTL012", "A handle is an integer of four or eight bytes, a pointer or a SafeHandle", "[Handle] on '{1}' of '{0}' does not fit "
            + "the type {2}; a handle is int, uint, long, ulong, nint, nuint, a pointer or a class derived from SafeHandle");

    public static readonly DiagnosticDescriptor HandleUseMode = Create(
        "AOTL013", "The handle's use fits how it is passed", "[Handle] on '{1}' of '{0}' says {2}, but the parameter is {3}");

    public static readonly DiagnosticDescriptor HandleConsumedWhen = Create(
        "AOTL014",
        "ConsumedWhen names an integer parameter",
        "ConsumedWhen = \"{2}\" on '{1}' of '{0}' does not name an integer parameter that goes in");

    public static readonly DiagnosticDescriptor StreamRead = Create(
        "AOTL015", "[StreamRead] names a handle and a byte buffer", "[StreamRead] on '{0}': {1}");

    public static readonly DiagnosticDescriptor CalleeAllocatedNotOutString = Create(
        "AOTL016", "[CalleeAllocated] is for out-strings", "[CalleeAllocated] on '{1}' of '{0}' needs an 'out string?' parameter");

    public static readonly DiagnosticDescriptor OutStringNotCalleeAllocated = Create(
        "AOTL017", "An out-string says who allocated it", "The out-string '{1}' of '{0}' needs [CalleeAllocated]");

    public static readonly DiagnosticDescriptor CodeNames = Create(
        "AOTL018",
        "A CodeNames type has GetName",
        "The CodeNames type '{1}' of '{0}' has no accessible 'static string? GetName(uint code)'");

    public static readonly DiagnosticDescriptor SuccessRule = Create(
        "AOTL019",
        "The success rule fits the return type",
        "'{0}' returns {1}, which the success rule {2} cannot judge; use [SuccessWhen] with a rule that fits");

    public static readonly DiagnosticDescriptor StringEncoding = Create(
        "AOTL020",
        "Strings cross as UTF-16 or UTF-8",
        "'{0}' has string parameters and needs StringMarshalling = Utf16 or Utf8 in its [LibraryImport]");

    public static readonly DiagnosticDescriptor OtherLibrary = Create(
        "AOTL021", "Declarations bind to the API's library", "'{0}' binds to '{1}', but its [NativeApi] says '{2}'");

    public static readonly DiagnosticDescriptor EmptyName = Create(
        "AOTL022",
        "An API has a name and a library",
        "[NativeApi] on '{0}' needs a name of letters, digits, '_', '-' or '.', and a library");

    public static readonly DiagnosticDescriptor ExportsClass = Create(
        "AOTL023", "A [NativeExports] class serves from GetApi", "[NativeExports] on '{0}': {1}");

    public static readonly DiagnosticDescriptor ExportsMethod = Create(
        "AOTL024", "The declaration can be exported", "'{1}' cannot be exported from '{0}': {2}");

    public static readonly DiagnosticDescriptor HandleKind = Create(
        "AOTL025",
        "A handle's kind is a name",
        "The kind '{2}' of '{1}' of '{0}' must consist of letters, digits, '_' and '-': recordings write it before the handle's number");

    public static readonly DiagnosticDescriptor LibraryMemory = Create(
        "AOTL050", "Memory of the library is measured and has an owner", "[LibraryText] or [LibraryMemory] on '{1}' of '{0}': {2}");

    public static readonly DiagnosticDescriptor NakedPointer = Create(
        "AOTL026", "A pointer-sized value says what it is", "'{0}' of '{1}' is a bare {2}: say by [Handle], [Opaque], [Number] or "
            + "[Reserved] what it is, because an address means nothing in a recording", DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor UndirectedPointer = Create(
        "AOTL027",
        "A pointer says which way its value goes",
        "'{0}' of '{1}' is a {2}: say by [Direction(Direction.In)], Out or InOut which way its value goes",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor KindNeverMade = Create(
        "AOTL028",
        "A handle's kind is made somewhere",
        "'{0}' of '{1}' uses handles of the kind '{2}', which no declaration makes{3}",
        DiagnosticSeverity.Warning,
        atEnd: true);

    public static readonly DiagnosticDescriptor DirectionType = Create(
        "AOTL029", "[Direction] fits the type", "[Direction({0})] on '{1}' of '{2}': {3}");

    public static readonly DiagnosticDescriptor SameName = Create(
        "AOTL030",
        "An API has a name of its own",
        "'{0}' and '{1}' both have the name '{2}'; recordings know an API by its name",
        atEnd: true);

    public static readonly DiagnosticDescriptor SearchPathsDiffer = Create(
        "AOTL031",
        "The declarations of an API search for the library in one place",
        "'{0}' has other [DefaultDllImportSearchPaths] than '{1}'; one library is loaded once");

    public static readonly DiagnosticDescriptor UnjudgedLastError = Create(
        "AOTL032", "A function with a last error says when it succeeded", "'{0}' sets the last error, so what it returns is no HRESULT: "
            + "say by [SuccessWhen], or by Success of the [NativeApi], when it succeeded", DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor Overlapped = Create(
        "AOTL033", "Overlapped calls cannot be recorded", "'{1}' of '{0}' makes the call overlapped: its buffers are filled after it "
            + "returned, which no recording of the call can hold; declare it as [Reserved] nint, and wait in a native function");

    public static readonly DiagnosticDescriptor NakedSafeHandle = Create(
        "AOTL034",
        "A SafeHandle says what kind of handle it holds",
        "'{1}' of '{0}' is a {2}: say by [Handle] which kind of handle it holds and what the call does with it");

    public static readonly DiagnosticDescriptor BufferCounting = Create(
        "AOTL035", "A buffer is counted in one way", "[Buffer] on '{0}' of '{1}' {2}");

    public static readonly DiagnosticDescriptor ResultsOn = Create(
        "AOTL036", "[ResultsOn] has something to look at", "[{0}] on '{1}' {2}");

    public static readonly DiagnosticDescriptor PassingMode = Create(
        "AOTL037", "A parameter is passed in a way that its type allows", "'{0}' of '{1}' must be passed {2}");

    public static readonly DiagnosticDescriptor NotCarried = Create(
        "AOTL038",
        "A parameter has neither default value nor params",
        "'{0}' of '{1}' has {2}, which is not carried into the generated types");

    public static readonly DiagnosticDescriptor RoleType = Create(
        "AOTL039", "[Opaque], [Number] and [Reserved] fit the type", "[{0}] on '{1}' of '{2}' needs {3}");

    public static readonly DiagnosticDescriptor UnsupportedStruct = Create(
        "AOTL040", "A struct can be recorded field by field", "'{1}' of '{0}' cannot be recorded: {2}");

    /// <summary>All of them, for the analyzer.</summary>
    public static readonly DiagnosticDescriptor[] All =
    [
        NotStaticPartial, NestedOrGeneric, NotLibraryImport, GenericMethod, Overload, InaccessibleMethod, UnsupportedParameter,
        UnsupportedReturn,
        BufferOnNonSpan, BufferSize, BufferUnknownWritten, HandleType, HandleUseMode, HandleConsumedWhen, StreamRead,
        CalleeAllocatedNotOutString,
        OutStringNotCalleeAllocated, CodeNames, SuccessRule, StringEncoding, OtherLibrary, EmptyName, ExportsClass, ExportsMethod,
        HandleKind, NakedPointer, UndirectedPointer, KindNeverMade, DirectionType, SameName, SearchPathsDiffer, UnjudgedLastError,
        Overlapped, NakedSafeHandle,
        BufferCounting, ResultsOn, PassingMode, NotCarried, RoleType, UnsupportedStruct, LibraryMemory,
    ];

    private static DiagnosticDescriptor Create(
        string id,
        string title,
        string message,
        DiagnosticSeverity severity = DiagnosticSeverity.Error,
        bool atEnd = false) => new(
        id,
        title,
        message,
        Category,
        severity,
        isEnabledByDefault: true,
        description: title + ". See docs/diagnostics/" + id + ".md.",
        helpLinkUri: "docs/diagnostics/" + id + ".md",
        customTags: atEnd ? [WellKnownDiagnosticTags.CompilationEnd] : []);
}
