namespace AotLayers.Interop.Generators;

/// <summary>
/// Writes <c>&lt;Api&gt;Callbacks</c>: per signature a function that the recorder gives the library in place of the program's, and an
/// object by which a replay makes the recorded callbacks again.
/// </summary>
internal static class CallbacksWriter
{
    private const string Runtime = "global::AotLayers.Interop.";
    private const string Marshal = "global::System.Runtime.InteropServices.Marshal";

    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        w.Line(
            $"/// <summary>The program's functions that <c>{api.Name}</c> calls, as the recorder and the replayer pass them on.</summary>");
        GeneratedFile.Mark(w);
        w.Open($"internal static class {api.CallbacksName}");
        foreach (CallbackSignature signature in api.Callbacks)
        {
            Recorded(w, api, signature);
            Replayed(w, api, signature);
        }

        w.Close();
        return w.ToString();
    }

    /// <summary>The expression by which a recorder passes a function on.</summary>
    public static string Record(NativeApiModel api, MethodModel method, ParameterModel p, string call)
    {
        string target = p.Type.IsDelegate ? p.Identifier : $"(nint){p.Identifier}";
        string wrapped = $"{api.CallbacksName}.Recorded{p.Callback!.Signature.Name}.Wrap({call}, {GeneratedFile.Quote(p.Name)}, "
            + $"{target}, {Context(method, p)}, {(p.Callback.IsRegistered ? "true" : "false")})";
        return p.Type.IsDelegate ? wrapped + (IsNullable(p) ? "" : "!") : $"({p.Type.Text}){wrapped}";
    }

    /// <summary>The statements by which a replay notes a function.</summary>
    public static void Replay(CodeWriter w, NativeApiModel api, MethodModel method, ParameterModel p, string call)
    {
        bool hasDelegate = p.Callback!.Signature.DelegateType is not null;
        string arguments = p.Type.IsDelegate ? $"0, {p.Identifier}" : hasDelegate ? $"(nint){p.Identifier}, null" : $"(nint){p.Identifier}";
        w.Open($"if ({p.Identifier} {(p.Type.Text is "nint" or "nuint" ? "!= 0" : "is not null")})");
        w.Line($"{call}.Callback({GeneratedFile.Quote(p.Name)}, new "
            + $"{api.CallbacksName}.Replayed{p.Callback.Signature.Name}({arguments}, {Context(method, p)}));");
        w.Close();
        w.Line("");
    }

    private static bool IsNullable(ParameterModel p) => p.Type.Text.EndsWith("?", StringComparison.Ordinal);

    private static string Context(MethodModel method, ParameterModel p) =>
        method.Find(p.Callback!.Context) is { } context ? $"(nint){context.Identifier}" : "0";

    private static string Thunk(CallbackSignature signature) => signature.DelegateType ?? signature.Name + "Thunk";

    private static string Declaration(CallbackSignature signature) =>
        string.Join(", ", signature.Parameters.Select(static p => $"{p.Type.Text} {p.Identifier}"));

    private static string Arguments(CallbackSignature signature) =>
        string.Join(", ", signature.Parameters.Select(static p => p.Identifier));

    private static void Recorded(CodeWriter w, NativeApiModel api, CallbackSignature signature)
    {
        string thunk = Thunk(signature);
        if (signature.DelegateType is null)
        {
            w.Separate();
            w.Line($"/// <summary>The form of a callback <c>{signature.Name}</c>.</summary>");
            if (signature.Convention is "Cdecl" or "Stdcall")
            {
                string convention = signature.Convention == "Cdecl" ? "Cdecl" : "StdCall";
                w.Line(
                    $"[global::System.Runtime.InteropServices.UnmanagedFunctionPointer(global::System.Runtime.InteropServices.CallingConvention.{convention})]");
            }

            w.Line($"internal unsafe delegate {signature.Return.Text} {thunk}({Declaration(signature)});");
        }

        string call = signature.Local("call");
        string result = signature.Local("result");
        string lastError = signature.Local("lastError");
        bool hasResult = signature.Return.Shape != TypeShape.Void;
        string context = signature.Context is { } c ? $"(nint){c.Identifier}" : "0";

        w.Separate();
        w.Line($"/// <summary>Records the callbacks <c>{signature.Name}</c> and passes them to the program.</summary>");
        w.Open($"internal sealed unsafe class Recorded{signature.Name} : {Runtime}RecordedCallback");
        w.Line($"private readonly {thunk} _thunk;");
        w.Line("");
        w.Open($"private Recorded{signature.Name}()");
        w.Line("_thunk = Invoke;");
        w.Line($"Pointer = {Marshal}.GetFunctionPointerForDelegate(_thunk);");
        w.Close();
        w.Line("/// <summary>The function that the library is given.</summary>");
        w.Line($"public static nint Wrap({Runtime}CallInProgress call, string parameter, nint target, nint context, bool isRegistered) =>");
        w.Indented(w => w.Line($"target == 0 ? 0 : call.Callback(parameter, target, null, context, isRegistered, static () => new "
            + $"Recorded{signature.Name}()).Pointer;"));
        if (signature.DelegateType is not null)
        {
            w.Line("");
            w.Line("/// <summary>The function that the library is given.</summary>");
            w.Line($"public static {thunk}? Wrap({Runtime}CallInProgress call, string parameter, {thunk}? target, nint context, bool "
                + $"isRegistered) =>");
            w.Indented(w => w.Line($"target is null ? null : call.Callback(parameter, 0, target, context, isRegistered, static () => "
                + $"new Recorded{signature.Name}())._thunk;"));
        }

        w.Line("");
        w.Open($"private {signature.Return.Text} Invoke({Declaration(signature)})");

        // The library must not see the last error of the recorder's own work, nor lose the program's.
        w.Line($"int {lastError} = {Marshal}.GetLastSystemError();");
        w.Line($"using {Runtime}CallInProgress {call} = Enter({context});");
        w.Line($"{api.Calls}.Write{signature.Name}CallbackIn({Pass($"{call}.In", CallbackCallsText.InParameters(signature))});");
        w.Line($"{call}.Start();");
        w.Line($"{Marshal}.SetLastSystemError({lastError});");
        Invoke(w, signature, result);
        w.Line($"{lastError} = {Marshal}.GetLastSystemError();");
        WriteAnswer(w, api, signature, $"{call}.Out", result);
        w.Line($"{call}.Return({ReturnValue(signature, result)});");
        w.Line($"{Marshal}.SetLastSystemError({lastError});");
        if (hasResult)
        {
            w.Line($"return {result};");
        }

        w.Close();
        w.Close();
    }

    private static void Replayed(CodeWriter w, NativeApiModel api, CallbackSignature signature)
    {
        string call = signature.Local("call");
        string reader = signature.Local("reader");
        string result = signature.Local("result");
        string parameters = signature.DelegateType is null
            ? "nint target, nint context"
            : $"nint target, {signature.DelegateType}? function, nint context";
        w.Separate();
        w.Line($"/// <summary>Makes the recorded callbacks <c>{signature.Name}</c> again.</summary>");
        w.Open($"internal sealed unsafe class Replayed{signature.Name}({parameters}) : {Runtime}ReplayedCallback");
        w.Line("private nint Target { get; } = target;");
        w.Line("");
        if (signature.DelegateType is not null)
        {
            w.Line($"private {signature.DelegateType}? TargetDelegate {{ get; }} = function;");
            w.Line("");
        }

        w.Line("private nint Context { get; } = context;");
        w.Line("");
        w.Line("/// <inheritdoc />");
        w.Open($"protected override void Make({Runtime}ReplayCall {call})");
        w.Line($"{Runtime}CallReader {reader} = {call}.CallbackIn;");
        foreach (CallbackParameter p in signature.Parameters)
        {
            Argument(w, api, signature, p, reader);
        }

        Invoke(w, signature, result);
        WriteAnswer(w, api, signature, $"{call}.In", result);
        w.Line($"{call}.Answer({ReturnValue(signature, result)});");
        w.Close();
        w.Close();
    }

    /// <summary>Declares a local with the recorded argument.</summary>
    private static void Argument(CodeWriter w, NativeApiModel api, CallbackSignature signature, CallbackParameter p, string reader)
    {
        string name = GeneratedFile.Quote(p.Name);
        string value = signature.Local(p.Name + "Value");
        string type = p.Type.Text;
        switch (p.Role)
        {
            case CallbackRole.Context:
                w.Line($"{type} {p.Identifier} = ({type})Context;");
                break;
            case CallbackRole.Handle:
                w.Line($"{type} {p.Identifier} = {reader}.Passed({name}, {GeneratedFile.Quote(p.Handle!.Kind)});");
                break;
            case CallbackRole.Content:
                w.Line($"{type} {p.Identifier} = {ContentText.Read(reader, name, type, p.Content!, "0")};");
                break;
            case CallbackRole.In or CallbackRole.InOut:
                w.Line($"{p.Type.Element!.Text} {value} = {reader}.IsNull({name}) ? default : {Read(api, reader, name, p.Type.Element)};");
                w.Line($"{type} {p.Identifier} = {reader}.IsNull({name}) ? null : &{value};");
                break;
            case CallbackRole.Out:
                w.Line($"{p.Type.Element!.Text} {value} = default;");
                w.Line($"{type} {p.Identifier} = {reader}.IsNull({name}) ? null : &{value};");
                break;
            case CallbackRole.OutContent:
                w.Line($"nint {value} = 0;");
                w.Line($"{type} {p.Identifier} = {reader}.IsNull({name}) ? null : ({type})(&{value});");
                break;
            case CallbackRole.Buffer:
                w.Line($"{type} {p.Identifier} = ({type}){reader}.RoomToFill({name});");
                break;
            default:
                w.Line($"{type} {p.Identifier} = {Read(api, reader, name, p.Type)};");
                break;
        }
    }

    private static string Read(NativeApiModel api, string reader, string name, TypeModel type) =>
        (type.Shape == TypeShape.Struct ? api.Calls + "." : "") + ValueText.Read(reader, name, type);

    private static void Invoke(CodeWriter w, CallbackSignature signature, string result)
    {
        string pointer = $"(({signature.PointerType})Target)({Arguments(signature)})";
        string function = signature.Local("function");
        bool hasResult = signature.Return.Shape != TypeShape.Void;
        if (signature.DelegateType is null)
        {
            w.Line(hasResult ? $"{signature.Return.Text} {result} = {pointer};" : pointer + ";");
            return;
        }

        if (hasResult)
        {
            w.Line($"{signature.Return.Text} {result} = TargetDelegate is {signature.DelegateType} {function} ? "
                + $"{function}({Arguments(signature)}) : {pointer};");
            return;
        }

        w.Open($"if (TargetDelegate is {signature.DelegateType} {function})");
        w.Line($"{function}({Arguments(signature)});");
        w.Close();
        w.Open("else");
        w.Line(pointer + ";");
        w.Close();
        w.Line("");
    }

    private static void WriteAnswer(CodeWriter w, NativeApiModel api, CallbackSignature signature, string writer, string result)
    {
        if (signature.HasOut)
        {
            w.Line(
                $"{api.Calls}.Write{signature.Name}CallbackOut({Pass(writer, CallbackCallsText.OutParameters(signature))}{(CallbackCallsText.NeedsResult(signature) ? ", " + result : "")});");
        }
    }

    private static string Pass(string writer, IEnumerable<CallbackParameter> parameters) =>
        string.Join(", ", parameters.Select(static p => p.Identifier).Prepend(writer));

    private static string ReturnValue(CallbackSignature signature, string result)
    {
        const string Value = Runtime + "ReturnValue";
        return signature.Return switch
        {
            { Shape: TypeShape.Void } => $"{Value}.Void",
            { Scalar: "Single" or "Double" } => $"{Value}.Real({result}, succeeded: true)",
            { Scalar: "UInt64" or "NUInt" or "UInt32" or "UInt16" or "Byte" } => $"{Value}.Number((ulong){result}, succeeded: true)",
            _ => $"{Value}.Number((long){result}, succeeded: true)",
        };
    }
}
