#include "usage.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "options.h"

#define SECOND 1000000000ull

/* Also of the threads that have ended, such as compilers. */
static bool add_cpu(struct usage *usage, int pid) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return false;
    usage->cpu_nanos += (uint64_t)used.tv_sec * SECOND + (uint64_t)used.tv_nsec;
    return true;
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

static bool add_ticks(struct usage *usage, int pid) {
    char name[64], text[1024];
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    FILE *file = fopen(name, "r");
    if (file == NULL) return false;
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;
    /* The name, in parentheses, may hold anything; fields 14 to 17 are utime, stime, cutime, cstime (proc(5)). */
    const char *rest = strrchr(text, ')');
    unsigned long long user, system, ended_user, ended_system;
    if (rest != NULL && sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %llu %llu", &user, &system,
                               &ended_user, &ended_system) == 4) {
        usage->user_ticks += user + ended_user;
        usage->system_ticks += system + ended_system;
        usage->cpu_nanos += (ended_user + ended_system) * (SECOND / (unsigned long long)sysconf(_SC_CLK_TCK));
    }
    return true;
}

static bool add_process(struct usage *usage, int pid);

/* Such as the workers of nginx that a reload starts; where the kernel does not list them, there are none. */
static void add_children(struct usage *usage, int pid, const char *thread) {
    char name[320];
    snprintf(name, sizeof name, "/proc/%d/task/%s/children", pid, thread);
    FILE *file = fopen(name, "r");
    if (file == NULL) return;
    for (int child; fscanf(file, "%d", &child) == 1;) add_process(usage, child);
    fclose(file);
}

/* False if it has ended, as a child may at any time. */
static bool add_process(struct usage *usage, int pid) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/task", pid);
    DIR *threads = opendir(name);
    if (threads == NULL) return false;
    for (struct dirent *entry; (entry = readdir(threads)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        add_switches(usage, pid, entry->d_name);
        add_children(usage, pid, entry->d_name);
    }
    closedir(threads);
    return add_cpu(usage, pid) && add_ticks(usage, pid);
}

struct usage usage_of(const int *pids, int count) {
    struct usage usage = {0};
    for (int i = 0; i < count; i++)
        if (!add_process(&usage, pids[i])) fail("the measured process %d has ended", pids[i]);
    return usage;
}
