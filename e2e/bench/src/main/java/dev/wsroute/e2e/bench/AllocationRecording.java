// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Allocations of threads on the Java heap during a recording.
 *
 * @param byThread bytes between the first total and the last one, by the thread's name
 * @param bySite weights of the samples on threads that carry messages, by class and method
 */
record AllocationRecording(Map<String, Long> byThread, Map<String, Long> bySite) {

    private static final int SITES = 5;

    static AllocationRecording read(Path file) throws IOException {
        Map<String, Long> first = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        Map<String, Long> bySite = new HashMap<>();
        Set<String> sampled = new HashSet<>();
        for (RecordedEvent event : inOrder(file)) {
            if (event.getEventType().getName().equals("jdk.ThreadAllocationStatistics")) {
                String thread = name(event.getThread("thread"));
                first.merge(thread, event.getLong("allocated"), Math::min);
                last.merge(thread, event.getLong("allocated"), Math::max);
            } else if (carriesMessages(name(event.getThread())) && !sampled.add(name(event.getThread()))) {
                // The weight of a thread's first sample reaches back before the recording.
                bySite.merge(site(event), event.getLong("weight"), Long::sum);
            }
        }
        last.replaceAll((thread, bytes) -> bytes - first.getOrDefault(thread, 0L));
        return new AllocationRecording(last, bySite);
    }

    private static List<RecordedEvent> inOrder(Path file) throws IOException {
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        return events;
    }

    /** Bytes per message, in total and for each of the five largest sites. */
    Measurement measurement(double messages) throws NotMeasuredException {
        List<String> carriers = byThread.keySet().stream()
                .filter(AllocationRecording::carriesMessages)
                .toList();
        if (carriers.isEmpty()) {
            throw new NotMeasuredException("the recording knows no thread that carries messages");
        }
        Map<String, Double> figures = new TreeMap<>();
        figures.put(
                Measurement.ALLOCATED,
                carriers.stream().mapToLong(byThread::get).sum() / messages);
        figures.put(
                Measurement.ALLOCATED_BY_ALL,
                byThread.values().stream().mapToLong(bytes -> bytes).sum() / messages);
        bySite.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(SITES)
                .forEach(site -> figures.put(Measurement.ALLOCATION_SITE + site.getKey(), site.getValue() / messages));
        return new Measurement(figures);
    }

    /** Prefix of the names of event loops. */
    private static boolean carriesMessages(String thread) {
        return thread.startsWith("loop-");
    }

    private static String site(RecordedEvent sample) {
        RecordedStackTrace stack = sample.getStackTrace();
        String type = sample.getClass("objectClass").getName();
        if (stack == null || stack.getFrames().isEmpty()) {
            return type + " by the virtual machine";
        }
        RecordedFrame top = stack.getFrames().get(0);
        return type + " in " + top.getMethod().getType().getName() + "."
                + top.getMethod().getName() + ":" + top.getLineNumber();
    }

    private static String name(@Nullable RecordedThread thread) {
        return thread == null || thread.getJavaName() == null ? "" : thread.getJavaName();
    }
}
