// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.authz;

import dev.wsroute.config.NameValue;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers that let pass, for a while. The least recently stored ones leave first. Refusals are not kept: who has logged in must get
 * in. Confined to one event loop.
 */
final class AnswerCache {

    /** Of an entry and its objects, approximately. */
    private static final long ENTRY_BYTES = 256;

    /** No entry takes more than this part of the room. */
    private static final int LARGEST_PART = 16;

    private final LongSupplier nanoTime;
    private final int mostEntries;
    private final int mostBytes;
    private final Map<Fingerprint, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    private record Entry(ServiceAnswer.Allowed answer, long storedAt, long lasts, long size) {}

    AnswerCache(LongSupplier nanoTime, int mostEntries, int mostBytes) {
        this.nanoTime = nanoTime;
        this.mostEntries = mostEntries;
        this.mostBytes = mostBytes;
    }

    /** The answer, with what is left of its max-age; null for none. */
    ServiceAnswer.@Nullable Allowed get(Fingerprint key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        long age = nanoTime.getAsLong() - entry.storedAt();
        if (age >= entry.lasts()) {
            remove(key);
            return null;
        }
        return entry.answer().agedBy(age);
    }

    /** @param lasts in nanoseconds */
    void put(Fingerprint key, ServiceAnswer.Allowed answer, long lasts) {
        long size = size(answer);
        // Set-Cookie begins or renews a session: the next request must be able to do so, too.
        if (lasts <= 0 || !answer.cookies().isEmpty() || size > mostBytes / LARGEST_PART) {
            return;
        }
        remove(key);
        entries.put(key, new Entry(answer, nanoTime.getAsLong(), lasts, size));
        bytes += size;
        Iterator<Map.Entry<Fingerprint, Entry>> oldest = entries.entrySet().iterator();
        while (entries.size() > mostEntries || bytes > mostBytes) {
            bytes -= oldest.next().getValue().size();
            oldest.remove();
        }
    }

    /** The service does not let such a request pass any more. */
    void remove(Fingerprint key) {
        Entry removed = entries.remove(key);
        if (removed != null) {
            bytes -= removed.size();
        }
    }

    private static long size(ServiceAnswer.Allowed answer) {
        long size =
                ENTRY_BYTES + (answer.subject() == null ? 0 : answer.subject().length());
        for (NameValue header : answer.toBackend()) {
            size += ENTRY_BYTES + header.value().length();
        }
        return size;
    }
}
