using AotLayers.Hcs;
using AotLayers.Simulator;

namespace AotLayers.Fuzz;

/// <summary>A folder of the simulator whose <c>layer.json</c> is the input: loaded and exported as a machine's user does it.</summary>
internal static class SimulatedLayerFolder
{
    public const string Json = """
        { "scratch": false, "defaults": { "time": 131000000012345678 }, "tombstones": ["Files\\gone.txt"],
          "entries": [
            { "path": "Files\\a.txt", "text": "hello", "attributes": "0x21", "times": { "creation": 5, "write": 6 },
              "streams": [{ "name": "ads", "base64": "YWRz" }], "eas": [{ "name": "FOO", "text": "bar" }] },
            { "path": "Files\\big", "pattern": 7, "size": 20000, "security": "O:BAG:SYD:(A;;FA;;;BA)" },
            { "path": "Files\\b.txt", "linkTo": "Files\\a.txt" },
            { "path": { "$u16": "00460069006c00650073005cd800" }, "sparse": { "size": 4096, "ranges": [{ "offset": 1024, "text": "x" }] } },
            { "path": "Files\\link", "directory": true, "reparse": { "junction": "C:\\Users", "printName": "" } },
            { "path": "Files\\raw", "rawStreams": [{ "id": 10, "text": "txfs", "afterData": true }], "failReadAt": 7, "failCode": 23 }
          ] }
        """;

    private const string Layer = "fuzz";
    private static readonly string s_folder = Directory.CreateTempSubdirectory("aotlayers-fuzz-").FullName;

    static SimulatedLayerFolder()
    {
        Directory.CreateDirectory(Path.Combine(s_folder, Layer));
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Directory.Delete(s_folder, recursive: true);
    }

    public static void Export(byte[] json)
    {
        File.WriteAllBytes(Path.Combine(s_folder, Layer, "layer.json"), json);
        IVmcompute vmcompute = SimulatedMachine.Load(s_folder).Vmcompute;
        if (vmcompute.ExportLayerBegin(DriverInfo.FullPaths, Layer, [], 0, out nint context) < 0)
        {
            return;
        }

        // Contents that are made from a rule can be of any size: their beginnings do.
        byte[] buffer = new byte[4096];
        while (vmcompute.ExportLayerNext(context, out _, out _, out _, out _) >= 0)
        {
            for (int i = 0; i < 4 && vmcompute.ExportLayerRead(context, buffer, (uint)buffer.Length, out uint read) >= 0 && read > 0; i++)
            {
            }
        }

        vmcompute.ExportLayerEnd(context);
    }
}
