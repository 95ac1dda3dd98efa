#include "options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const USAGE =
    "usage: load --target-port PORT --backend-port PORT [--mode echo|connect|fanout|idle] [--connections N]\n"
    "            [--size BYTES | --mixed] [--in-flight N] [--rate MESSAGES_PER_SECOND_AND_CONNECTION]\n"
    "            [--seconds S] [--warm-up S] [--pid PID,PID] [--spare-port PORT] [--keep-on] [--hold]\n"
    "            [--tls [--resume]] [--storm HANDSHAKES_PER_SECOND | --storm-at-once N] [--direct N]\n"
    "            [--headers FILE]";

_Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static double number(const char *option, const char *text, double least, double most) {
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != 0 || !(value >= least && value <= most))
        fail("--%s must be a number from %g to %g, not %s", option, least, most, text);
    return value;
}

static enum mode mode(const char *text) {
    static const char *const names[] = {[ECHO] = "echo", [CONNECT] = "connect", [FANOUT] = "fanout", [IDLE] = "idle"};
    for (enum mode each = ECHO; each <= IDLE; each++)
        if (!strcmp(text, names[each])) return each;
    fail("--mode must be echo, connect, fanout or idle, not %s", text);
}

static void pids(struct options *options, char *text) {
    for (char *pid = strtok(text, ","); pid != NULL; pid = strtok(NULL, ",")) {
        if (options->pid_count == MAX_PIDS) fail("--pid takes at most %d of them", MAX_PIDS);
        options->pids[options->pid_count++] = (int)number("pid", pid, 1, 1 << 30);
    }
}

struct options options_parse(int count, char **arguments) {
    static const struct option known[] = {
        {"target-port", required_argument, NULL, 't'}, {"backend-port", required_argument, NULL, 'b'},
        {"connections", required_argument, NULL, 'c'}, {"size", required_argument, NULL, 's'},
        {"mixed", no_argument, NULL, 'x'},             {"in-flight", required_argument, NULL, 'f'},
        {"rate", required_argument, NULL, 'r'},        {"seconds", required_argument, NULL, 'd'},
        {"warm-up", required_argument, NULL, 'w'},     {"pid", required_argument, NULL, 'p'},
        {"mode", required_argument, NULL, 'm'},        {"spare-port", required_argument, NULL, 'a'},
        {"keep-on", no_argument, NULL, 'k'},           {"hold", no_argument, NULL, 'h'},
        {"tls", no_argument, NULL, 'l'},               {"resume", no_argument, NULL, 'u'},
        {"storm", required_argument, NULL, 'o'},          {"storm-at-once", required_argument, NULL, 'n'},
        {"direct", required_argument, NULL, 'i'},          {"headers", required_argument, NULL, 'e'},
        {NULL, 0, NULL, 0}};
    struct options options = {
        .mode = ECHO, .connections = 1, .size = 64, .in_flight = 1, .seconds = 5, .warm_up = 1};
    for (int index, letter; (letter = getopt_long(count, arguments, "", known, &index)) != -1;) {
        if (letter == '?') fail("%s", USAGE);
        const char *name = known[index].name;
        if (letter == 't') options.target_port = (int)number(name, optarg, 1, 65535);
        if (letter == 'b') options.backend_port = (int)number(name, optarg, 1, 65535);
        if (letter == 'c') options.connections = (int)number(name, optarg, 1, 100000);
        if (letter == 's') options.size = (size_t)number(name, optarg, MIN_SIZE, MAX_SIZE);
        if (letter == 'x') options.mixed = true;
        if (letter == 'f') options.in_flight = (int)number(name, optarg, 1, 4096);
        if (letter == 'r') options.rate = number(name, optarg, 0, 1e6);
        if (letter == 'd') options.seconds = number(name, optarg, 0.01, 86400);
        if (letter == 'w') options.warm_up = number(name, optarg, 0, 86400);
        if (letter == 'p') pids(&options, optarg);
        if (letter == 'm') options.mode = mode(optarg);
        if (letter == 'a') options.spare_port = (int)number(name, optarg, 1, 65535);
        if (letter == 'h') options.hold = true;
        if (letter == 'k') options.keep_on = true;
        if (letter == 'l') options.tls = true;
        if (letter == 'u') options.resume = true;
        if (letter == 'o') options.storm = number(name, optarg, 0, 1e6);
        if (letter == 'n') options.storm_at_once = (int)number(name, optarg, 1, 10000);
        if (letter == 'e') options.headers = optarg;
        if (letter == 'i') options.direct = (int)number(name, optarg, 0, 100000);
    }
    options.storms = options.storm > 0 || options.storm_at_once > 0;
    if (options.storms && (options.mode != ECHO || options.rate == 0 || options.resume))
        fail("a storm needs --mode echo and --rate, without --resume");
    if (optind != count || !options.target_port || !options.backend_port) fail("%s", USAGE);
    return options;
}
