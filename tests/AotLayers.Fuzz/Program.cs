using System.Diagnostics;
using System.Globalization;
using AotLayers.Fuzz;

// aotlayers fuzzing: [SECONDS per parser] [SEED]. Ends with 1 at the first finding, and prints what repeats it.
double seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 5;
int seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Random.Shared.Next();
const long MostBytesAllocated = 64 << 20;

foreach (Target target in Targets.All)
{
    var random = new Random(seed);
    var mutator = new Mutator(random);
    long runs = 0;
    long refused = 0;
    for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; runs++)
    {
        byte[] input = mutator.Mutate(target.Seed, Targets.All[random.Next(Targets.All.Count)].Seed);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        string? finding = null;
        try
        {
            target.Parse(input);
        }
        catch (Exception e) when (target.Refuses(e))
        {
            refused++;
        }
        catch (Exception e)
        {
            finding = e.ToString();
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (finding is null && allocated > MostBytesAllocated)
        {
            finding = $"{allocated} bytes allocated for an input of {input.Length}";
        }

        if (finding is not null)
        {
            Console.Error.WriteLine(
                $"{target.Name}: finding in run {runs} with seed {seed}\n{finding}\ninput: {Convert.ToBase64String(input)}");
            return 1;
        }
    }

    Console.WriteLine($"{target.Name}: {runs} inputs, {refused} refused, no findings (seed {seed})");
}

return 0;
