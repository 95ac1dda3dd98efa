#include "measurement.h"

#include <stdio.h>
#include <time.h>

#include "segments.h"
#include "storm.h"

static uint64_t nanos_of(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

uint64_t clock_nanos(void) {
    return nanos_of(CLOCK_MONOTONIC);
}

void measurement_begin(struct measurement *measurement, const struct options *options) {
    measurement->before = usage_of(options->pids, options->pid_count);
    measurement->segments_before = segments_sent();
    measurement->own_began = nanos_of(CLOCK_PROCESS_CPUTIME_ID);
    measurement->began = clock_nanos();
    if (options->storms) storm_measure(measurement->began);
}

static double micros(const struct measurement *measurement, double share) {
    return (double)histogram_quantile(&measurement->latencies, share) / 1e3;
}

void measurement_end(const struct measurement *measurement, const struct options *options) {
    double nanos = (double)(clock_nanos() - measurement->began);
    double own = (double)(nanos_of(CLOCK_PROCESS_CPUTIME_ID) - measurement->own_began);
    struct usage after = usage_of(options->pids, options->pid_count), before = measurement->before;
    uint64_t segments = segments_sent() - measurement->segments_before;
    uint64_t total = measurement->latencies.total;
    if (total == 0) fail("nothing came back within %g s", options->seconds);
    double count = (double)total;
    printf("{\"%s\": %llu, \"seconds\": %.3f, \"perSecond\": %.1f, ",
           options->mode == CONNECT ? "connections" : "messages", (unsigned long long)total, nanos / 1e9,
           count / nanos * 1e9);
    if (options->pid_count > 0) {
        double cpu = (double)(after.cpu_nanos - before.cpu_nanos) / 1e3 / count;
        double user = (double)(after.user_ticks - before.user_ticks);
        double system = (double)(after.system_ticks - before.system_ticks);
        /* Ticks are too coarse for amounts; they tell how the exact amount divides. */
        double user_share = user + system > 0 ? user / (user + system) : 0;
        printf("\"cpuMicrosPerMessage\": %.4f, \"userMicros\": %.4f, \"systemMicros\": %.4f, ", cpu, cpu * user_share,
               cpu * (1 - user_share));
        printf("\"cpuMillisPerSecond\": %.3f, ", cpu * count / nanos * 1e6);
        double voluntary = (double)(after.voluntary - before.voluntary) / count;
        double involuntary = (double)(after.involuntary - before.involuntary) / count;
        printf("\"voluntarySwitches\": %.5f, \"involuntarySwitches\": %.5f, \"contextSwitches\": %.5f, ", voluntary,
               involuntary, voluntary + involuntary);
    }
    printf("\"segments\": %.4f, ", (double)segments / count);
    if (options->storms) storm_print(clock_nanos());
    if (options->direct)
        printf("\"directP99Micros\": %.1f, ", (double)histogram_quantile(&measurement->direct, 0.99) / 1e3);
    if (options->keep_on)
        printf("\"cuts\": %llu, \"lostMessages\": %llu, ", (unsigned long long)measurement->cuts,
               (unsigned long long)measurement->lost_messages);
    printf("\"p50Micros\": %.1f, \"p99Micros\": %.1f, \"p999Micros\": %.1f, \"maxMicros\": %.1f, \"ownCpu\": %.3f}\n",
           micros(measurement, 0.5), micros(measurement, 0.99), micros(measurement, 0.999),
           (double)measurement->latencies.max / 1e3, own / nanos);
}
