// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every target with all known inputs, and then with inputs that Jazzer derives from them. A finding is stored in
 * {@code target/fuzz/<target>/}; once it is fixed, move it to {@code src/test/resources/fuzz/<target>/}.
 */
@Tag("slow")
class FuzzTest {

    /** Duration for each target; 0: a short, reproducible run. */
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("wsroute.fuzz.seconds", 0));

    /** Inputs of a short run for all targets. */
    private static final int SHORT_RUN = 5000;

    /** Much longer than any input takes, since the machine may be busy. */
    private static final Duration SINGLE_INPUT = Duration.ofMinutes(2);

    private static final Duration MARGIN = Duration.ofMinutes(3);

    /** The code whose coverage guides the search. */
    private static final String GUIDING = "dev.wsroute.**:io.netty.handler.codec.http.**";

    /** What no target needs: Jazzer searches the class path for what to hook, which takes a second. */
    private static final Pattern UNUSED = Pattern.compile(
            "/(archunit|awaitility|commons-math|hamcrest|HdrHistogram|jmh|jopt|junit|micrometer|picocli|prometheus)[^/]*$"
                    + "|-(linux|osx|windows)-[^/]*$");

    /** The only target to run; empty: all. */
    private static final String ONLY = System.getProperty("wsroute.fuzz.target", "");

    static Stream<Target> chosen() {
        return Stream.of(Target.values()).filter(target -> ONLY.isEmpty() || ONLY.equals(target.toString()));
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyKnownInputHolds(Target target) throws Exception {
        Map<String, byte[]> seeds = Seeds.of(target);

        assertThat(seeds).isNotEmpty();
        for (Map.Entry<String, byte[]> seed : seeds.entrySet()) {
            try {
                target.input.take(seed.getValue());
            } catch (Exception | AssertionError e) {
                throw new AssertionError(target + "/" + seed.getKey() + ": " + e.getMessage(), e);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("chosen")
    @EnabledIf("isLong")
    void nothingIsFoundInALongRun(Target target) throws Exception {
        Path work = work(target.toString());

        assertNothingFound(
                run(
                        target.type,
                        work,
                        "-max_total_time=" + TIME.toSeconds(),
                        "-use_value_profile=1",
                        // Inputs with new coverage are written to the first folder. The next long run starts with them.
                        Files.createDirectories(work.resolve("corpus")).toString(),
                        Seeds.folder(target).toString()),
                work);
    }

    @Test
    @DisabledIf("isLong")
    void nothingIsFoundInAShortRunOfAllTargets(@TempDir Path seeds) throws Exception {
        Path work = work("all");
        AllTargets.writeSeeds(seeds);

        Run run = run(AllTargets.class, work, "-runs=" + SHORT_RUN, "-seed=1", seeds.toString());

        AllTargets.sort(work);
        assertNothingFound(run, work.getParent());
    }

    static boolean isLong() {
        return !TIME.isZero();
    }

    private static void assertNothingFound(Run run, Path work) {
        assertThat(run.ended()).as("fuzzing ends in time, see %s", work).isTrue();
        if (run.exitValue() != 0) {
            String said = run.said();
            Assertions.fail("A finding, see %s:%n%s", work, said.substring(Math.max(0, said.indexOf("\n== "))));
        }
        assertThat(run.said()).containsPattern("Done \\d+ runs");
    }

    private record Run(boolean ended, int exitValue, String said) {}

    private static Run run(Class<?> target, Path work, String... arguments) throws Exception {
        Path log = Files.createDirectories(work).resolve("log");
        List<String> command = command(target, work);
        command.addAll(List.of(arguments));
        Process jazzer = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended;
        try {
            ended = jazzer.waitFor(TIME.plus(MARGIN).toSeconds(), TimeUnit.SECONDS);
        } finally {
            jazzer.destroyForcibly();
        }
        return new Run(ended, jazzer.waitFor(), Files.readString(log));
    }

    private static Path work(String target) {
        return Path.of("target/fuzz").resolve(target);
    }

    private static List<String> command(Class<?> target, Path work) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC"));
        if (!isLong()) {
            // The run is too short for the optimising compiler to pay off.
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(List.of("-cp", classPath(), "com.code_intelligence.jazzer.Jazzer"));
        command.add("--target_class=" + target.getName());
        command.add("--instrumentation_includes=" + GUIDING);
        // Limits Jazzer's own checks to these packages, since some of them break Netty's use of memory.
        command.add("--custom_hook_includes=" + GUIDING);
        command.add("--reproducer_path=" + work);
        command.add("-artifact_prefix=" + work + "/");
        command.add("-timeout=" + SINGLE_INPUT.toSeconds());
        command.add("-rss_limit_mb=0");
        command.add("-print_final_stats=1");
        return command;
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !UNUSED.matcher(entry).find())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
