using System.Text;
using AotLayers.Formats;
using AotLayers.Replay.Tests.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Verifying;

/// <summary>Whatever a layer holds, verifying it gives findings, and converting it gives a layer or an error of the layer.</summary>
public sealed class HostileLayerTests
{
    private static readonly byte[] s_tar = SampleTar.Sound()
        .File("Files/x", "content", header =>
        {
            header.Records.Set("MSWINDOWS.xattr.A"u8, "YQ=="u8);
            header.Records.Set("AOTLAYERS.times"u8, "1,2,3,4"u8);
        })
        .Bare("Files/x:s", "stream")
        .Symlink("Files/l", "x")
        .Link("Files/h", "Files/x")
        .Bare("Files/.wh.gone")
        .Finish();

    [Fact]
    public void A_damaged_tar_gives_findings_and_no_error() =>
        Damaged().Sample(tar => LayerVerifier.VerifyTar(new MemoryStream(tar)) is not null, iter: 3000);

    [Fact]
    public void Any_bytes_give_findings_and_no_error() =>
        Gen.Byte.Array[0, 2000].Sample(bytes => LayerVerifier.VerifyTar(new MemoryStream(bytes)).Errors > 0, iter: 1000);

    [Fact]
    public void A_damaged_root_of_Linux_is_a_layer_or_an_error_of_the_layer() => Damaged().Sample(
        tar =>
        {
            try
            {
                using var reader = RootfsReader.Open(() => new MemoryStream(tar), "root.tar", new RootfsOptions { SkipUnsupported = true });
                while (reader.GetNextEntry() is { } entry)
                {
                    entry.OpenBackupStream().CopyTo(Stream.Null);
                }
            }
            catch (LayerException)
            {
                // What is wrong was said.
            }
        },
        iter: 2000);

    [Fact]
    public void Lines_beside_a_transport_folder_come_back() =>
        Gen.Select(Gen.Long.Array[4, 4], Gen.UInt, Name(), Name(), Gen.Byte.Array[0, 50]).Sample((times, attributes, name, target, head) =>
        {
            var info = new LayerFileInfo(times[0], times[1], times[2], times[3], attributes);
            var file = new MemoryStream();
            TransportSidecar.Begin(file);
            TransportSidecar.Write(file, name, info, target, head);
            file.Position = 0;
            TransportSidecarEntry entry = TransportSidecar.Read(file)[name];
            return entry.Info == info && entry.Target == target && entry.Head.AsSpan().SequenceEqual(head);
        });

    [Fact]
    public void Damaged_lines_beside_a_transport_folder_are_read_or_refused()
    {
        var file = new MemoryStream();
        TransportSidecar.Begin(file);
        TransportSidecar.Write(file, @"Files\x", FormatSamples.Info(), @"Files\y", [1, 2, 3]);
        byte[] bytes = file.ToArray();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Array[1, 3].Sample(changes =>
            FormatSamples.OnlyFormatErrors(() => TransportSidecar.Read(new MemoryStream(Changed(bytes, changes)))));
        Assert.Throws<LayerFormatException>(() => TransportSidecar.Read(new MemoryStream(bytes[..^1])));
        Assert.Throws<LayerFormatException>(() => TransportSidecar.Read(new MemoryStream()));
        byte[] newer = Encoding.ASCII.GetBytes("aotlayers transport 2\n");
        Assert.Throws<LayerFormatException>(() => TransportSidecar.Read(new MemoryStream(newer)));
    }

    /// <summary>Names are found whatever their case, and come back as they were spelt first.</summary>
    [Fact]
    public void Names_are_kept_as_they_were_spelt_and_found_without_case() =>
        Name().Array[1, 20].Sample(parts =>
        {
            var tree = new NameTree();
            string path = string.Join('\\', parts);
            int node = tree.Add(path, out bool same);
            string upper = string.Concat(path.Select(NtfsNameComparer.ToUpper));
            return same && tree.PathOf(node) == path && tree.Find(upper) == node && tree.Add(path, out _) == node
                && tree.Find(path + @"\x") == -1;
        });

    private static Gen<string> Name() =>
        Gen.OneOf(Gen.Char.AlphaNumeric, Gen.Char['\u00a0', '\ud7ff'], Gen.Char['\ud800', '\udfff']).Array[1, 8]
            .Select(letters => new string(letters));

    private static Gen<byte[]> Damaged() => Gen.Select(Gen.Int[0, s_tar.Length - 1], Gen.Byte).Array[1, 6].Select(changes =>
    {
        byte[] tar = Changed(s_tar, changes);

        // Most damage would end at the checksum.
        for (int at = 0; at + 512 <= tar.Length; at += 512)
        {
            Span<byte> block = tar.AsSpan(at, 512);
            if (block.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                block.Slice(148, 8).Fill((byte)' ');
                int sum = 0;
                foreach (byte value in block)
                {
                    sum += value;
                }

                Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0", block[148..]);
            }
        }

        return tar;
    });

    private static byte[] Changed(byte[] bytes, (int At, byte Value)[] changes)
    {
        byte[] copy = [.. bytes];
        foreach ((int at, byte value) in changes)
        {
            copy[at] = value;
        }

        return copy;
    }
}
