// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.microbench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs the microbenchmarks, and prints the nanoseconds and heap bytes per operation. */
public final class Microbenchmarks {

    /** The flags of the proxy's image; compact object headers if the JVM has them. */
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:+UseCompactObjectHeaders",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.jfr.enabled=false",
            "--enable-native-access=ALL-UNNAMED",
            "-Xms256m",
            "-Xmx256m");

    /**
     * Allows JMH to use Unsafe without a warning, but not Netty, which does not use it in the image either.
     */
    private static final List<String> FLAGS_SINCE_24 =
            List.of("--sun-misc-unsafe-memory-access=allow", "-Dio.netty.noUnsafe=true");

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Microbenchmarks() {}

    /** @param args those of JMH: a regular expression of names, {@code -f} forks, {@code -l} to list, {@code -h} for all */
    public static void main(String... args) throws Exception {
        try {
            run(new CommandLineOptions(args));
        } catch (CommandLineOptionException | NoBenchmarksException e) {
            System.err.println("These are no options of JMH, or fit no microbenchmark: " + String.join(" ", args)
                    + ". ARGS=-h lists the options, ARGS=-l the microbenchmarks.");
            System.exit(2);
        }
    }

    private static void run(CommandLineOptions line) throws Exception {
        Options options = new OptionsBuilder()
                .parent(line)
                .addProfiler(GCProfiler.class)
                .jvmArgsPrepend(flags())
                .shouldFailOnError(true)
                .verbosity(line.verbosity().orElse(line.shouldList() ? VerboseMode.NORMAL : VerboseMode.SILENT))
                .build();
        if (line.shouldHelp()) {
            line.showHelp();
        } else if (line.shouldList()) {
            new Runner(options).list();
        } else {
            print(new Runner(options).run());
        }
    }

    private static String[] flags() {
        List<String> flags = new ArrayList<>(FLAGS);
        if (Runtime.version().feature() >= 24) {
            flags.addAll(FLAGS_SINCE_24);
        }
        return flags.toArray(String[]::new);
    }

    /** Medians, since a busy machine makes some iterations slow and none fast. */
    private static void print(Collection<RunResult> results) {
        BenchmarkParams params = results.iterator().next().getParams();
        System.out.printf(
                Locale.ROOT,
                "Java %s, %s%nforks: %d, warm-up: %d of %s, measured: %d of %s%n%n%-50s %9s %9s %9s %9s%n",
                params.getJdkVersion(),
                String.join(" ", params.getJvmArgs()),
                params.getForks(),
                params.getWarmup().getCount(),
                params.getWarmup().getTime(),
                params.getMeasurement().getCount(),
                params.getMeasurement().getTime(),
                "benchmark",
                "ns/op",
                "least",
                "most",
                "B/op");
        for (RunResult result : results) {
            Statistics time = result.getPrimaryResult().getStatistics();
            System.out.printf(
                    Locale.ROOT,
                    "%-50s %9.1f %9.1f %9.1f %9.2f%n",
                    name(result),
                    time.getPercentile(50),
                    time.getMin(),
                    time.getMax(),
                    allocated(result.getSecondaryResults()));
        }
    }

    /** The name without the package. */
    private static String name(RunResult result) {
        String full = result.getParams().getBenchmark();
        return full.substring(full.lastIndexOf('.', full.lastIndexOf('.') - 1) + 1);
    }

    /** NaN if it was not measured. */
    @SuppressWarnings("rawtypes")
    private static double allocated(Map<String, Result> figures) {
        Result<?> bytes = figures.get(ALLOCATED);
        return bytes == null ? Double.NaN : bytes.getScore();
    }
}
