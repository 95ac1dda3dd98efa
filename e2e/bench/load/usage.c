#include "usage.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "options.h"

/* Also of the threads that have ended, such as compilers. */
static void add_cpu(struct usage *usage, int pid) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0)
        fail("the measured process %d has ended", pid);
    usage->cpu_nanos += (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

static void add_switches(struct usage *usage, int pid, const char *thread) {
    char name[320], line[512];
    snprintf(name, sizeof name, "/proc/%d/task/%s/status", pid, thread);
    FILE *file = fopen(name, "r");
    if (file == NULL) return; /* it has just ended */
    long long switches;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "voluntary_ctxt_switches: %lld", &switches) == 1) usage->voluntary += switches;
        if (sscanf(line, "nonvoluntary_ctxt_switches: %lld", &switches) == 1) usage->involuntary += switches;
    }
    fclose(file);
}

static void add_ticks(struct usage *usage, int pid) {
    char name[64], text[1024];
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    FILE *file = fopen(name, "r");
    if (file == NULL) fail("the measured process %d has ended", pid);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    /* The name, in parentheses, may hold anything; fields 14 and 15 are utime and stime (proc(5)). */
    const char *rest = strrchr(text, ')');
    unsigned long long user, system;
    if (rest != NULL &&
        sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) == 2) {
        usage->user_ticks += user;
        usage->system_ticks += system;
    }
}

struct usage usage_of(const int *pids, int count) {
    struct usage usage = {0};
    for (int i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "/proc/%d/task", pids[i]);
        DIR *threads = opendir(name);
        if (threads == NULL) fail("the measured process %d has ended", pids[i]);
        for (struct dirent *entry; (entry = readdir(threads)) != NULL;)
            if (entry->d_name[0] != '.') add_switches(&usage, pids[i], entry->d_name);
        closedir(threads);
        add_cpu(&usage, pids[i]);
        add_ticks(&usage, pids[i]);
    }
    return usage;
}
