// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A control group of Linux that gives its processes a share of a core. Needs the right to make groups, as root has it. */
public final class CpuLimit implements AutoCloseable {

    private static final Path FIRST_VERSION = Path.of("/sys/fs/cgroup/cpu");
    private static final Path SECOND_VERSION = Path.of("/sys/fs/cgroup");

    /** In microseconds; the kernel accepts no less. Short, so that processes are never stopped for long. */
    private static final long QUOTA = 1000;

    private static final String PROCESSES = "cgroup.procs";

    private final Path group;

    private CpuLimit(Path group) {
        this.group = group;
    }

    /**
     * Makes a group.
     *
     * @param share of a core, up to 1
     * @throws IOException if this user must not
     */
    public static CpuLimit of(double share) throws IOException {
        String name = "wsroute-bench-" + ProcessHandle.current().pid();
        boolean first = Files.isDirectory(FIRST_VERSION);
        CpuLimit limit = new CpuLimit(Files.createDirectory((first ? FIRST_VERSION : SECOND_VERSION).resolve(name)));
        try {
            limit.set(first, Long.toString(Math.round(QUOTA / share)));
            return limit;
        } catch (IOException e) {
            limit.close();
            throw e;
        }
    }

    private void set(boolean first, String period) throws IOException {
        if (first) {
            Files.writeString(group.resolve("cpu.cfs_period_us"), period);
            Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(QUOTA));
        } else {
            Files.writeString(group.resolve("cpu.max"), QUOTA + " " + period);
        }
    }

    /** Limits a process with all its threads. All processes of the group share the limit. */
    public void add(long pid) throws IOException {
        Files.writeString(group.resolve(PROCESSES), Long.toString(pid));
    }

    /** No longer limits a process. */
    public void remove(long pid) throws IOException {
        Files.writeString(group.resolveSibling(PROCESSES), Long.toString(pid));
    }

    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
