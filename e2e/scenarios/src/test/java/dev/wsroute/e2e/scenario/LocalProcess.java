// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** The process of a pod whose node runs on this machine. */
final class LocalProcess {

    private final List<ProcessHandle> processes;

    private LocalProcess(List<ProcessHandle> processes) {
        this.processes = processes;
    }

    /** Finds it by its working folder or its command line. Skips the test if pods run on other machines. */
    static LocalProcess ofPod(Pod pod) {
        List<ProcessHandle> found = find(pod);
        if (found.isEmpty()) {
            throw new TestAbortedException("the pods of this cluster do not run on this machine: skipped");
        }
        return new LocalProcess(found);
    }

    /** Kills the current process of a pod with SIGKILL, if there is one. */
    static void killIfRunning(Pod pod) {
        find(pod).forEach(ProcessHandle::destroyForcibly);
    }

    private static List<ProcessHandle> find(Pod pod) {
        String uid = pod.getMetadata().getUid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(uid)
                        || workingDirectory(process).contains(uid))
                .toList();
    }

    private static String workingDirectory(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .toString();
        } catch (IOException e) {
            // It has ended, or belongs to another user.
            return "";
        }
    }

    /** Sends SIGKILL. */
    void kill() {
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
