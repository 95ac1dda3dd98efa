package dev.wsroute.e2e.scenario;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.opentest4j.TestAbortedException;

/** The process of a pod that a node on this machine runs. */
final class LocalProcess {

    private final List<ProcessHandle> processes;

    private LocalProcess(List<ProcessHandle> processes) {
        this.processes = processes;
    }

    /** Finds it by the pod's volumes in its command line; skips the test where pods run elsewhere. */
    static LocalProcess ofPod(Pod pod) {
        String uid = pod.getMetadata().getUid();
        List<ProcessHandle> found = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(uid))
                .toList();
        if (found.isEmpty()) {
            throw new TestAbortedException("the pods of this cluster do not run on this machine: skipped");
        }
        return new LocalProcess(found);
    }

    /** SIGKILL. */
    void kill() {
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
