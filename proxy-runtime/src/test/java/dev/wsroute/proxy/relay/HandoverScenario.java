// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.TestProxy;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What both sides of one tunnel do, chosen by a seed.
 *
 * @param backendEndsInHead number of bytes of its 101 that the backend sends before it ends; -1 for all
 */
record HandoverScenario(long seed, Script client, Script backend, int backendEndsInHead) {

    /** How a side ends its output after it has sent its frames. */
    enum End {
        /** After the other side has ended its output. */
        WAIT,
        /** Its last frame is a Close. */
        CLOSE,
        FIN,
        RST
    }

    /**
     * What one side sends and does.
     *
     * @param frames the frames to send; the last one may be truncated
     * @param passable number of these bytes that the proxy can forward: all but a truncated header
     * @param whole whether the last frame is complete
     * @param early number of bytes that are sent together with the head
     * @param cuts where the head and the early bytes are split, in order
     * @param waits whether each piece is sent only after the proxy has read the one before
     * @param endsBeforeAnswer whether a client that has sent everything ends without waiting for its 101
     * @param readsLate whether the side reads nothing before the other side has stopped sending
     */
    record Script(
            byte[] head,
            byte[] frames,
            int passable,
            boolean whole,
            int early,
            List<Integer> cuts,
            boolean waits,
            End end,
            boolean endsBeforeAnswer,
            boolean readsLate) {

        @Override
        public String toString() {
            return frames.length + " bytes (" + early + " early" + (whole ? "" : ", cut off") + "), cut at " + cuts
                    + (waits ? " with waits" : "") + ", then " + end + (endsBeforeAnswer ? " before the 101" : "")
                    + (readsLate ? ", reads late" : "");
        }
    }

    static HandoverScenario of(long seed) {
        Random random = new Random(seed * 0x9e3779b97f4a7c15L);
        End[] ends = End.values();
        End clientEnd = ends[random.nextInt(ends.length)];
        End backendEnd = ends[random.nextInt(ends.length)];
        if (clientEnd == End.WAIT && backendEnd == End.WAIT) {
            clientEnd = End.CLOSE;
        }
        Script client = script(
                random, true, clientEnd, TestProxy.handshake(header(seed)).getBytes(ISO_8859_1));
        byte[] switching = TestProxy.switching().getBytes(ISO_8859_1);
        Script backend = script(random, false, backendEnd, switching);
        boolean inHead = backend.end() == End.FIN || backend.end() == End.RST;
        int endsInHead = inHead && random.nextInt(20) == 0 ? random.nextInt(switching.length) : -1;
        return new HandoverScenario(seed, client, backend, endsInHead);
    }

    /** A header of the request that identifies the scenario. */
    private static String header(long seed) {
        return "X-Mix: " + seed;
    }

    /** Whether a request belongs to this scenario. */
    boolean asks(String head) {
        return head.contains(header(seed) + "\r\n");
    }

    private static Script script(Random random, boolean client, End end, byte[] head) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int last = 0;
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            last = frames.size();
            frames.writeBytes(frame(random, client));
        }
        byte[] all = frames.toByteArray();
        int passable = all.length;
        boolean whole = true;
        if (end == End.CLOSE) {
            frames.writeBytes(Frame.close(1000, "", client));
            all = frames.toByteArray();
            passable = all.length;
        } else if (end != End.WAIT && count > 0 && random.nextInt(3) == 0) {
            // Splits headers as often as payloads, although headers are short.
            int header = headerLength(all, last);
            int most = random.nextBoolean() ? header : all.length - last - 1;
            int cut = Math.min(1 + random.nextInt(Math.max(1, most)), all.length - last - 1);
            all = Arrays.copyOf(all, last + cut);
            passable = cut < header ? last : all.length;
            whole = false;
        }
        int early =
                switch (random.nextInt(3)) {
                    case 0 -> 0;
                    case 1 -> all.length;
                    default -> random.nextInt(all.length + 1);
                };
        boolean before = client && early == all.length && random.nextInt(3) == 0;
        return new Script(
                head,
                all,
                passable,
                whole,
                early,
                cuts(random, head.length, early),
                random.nextBoolean(),
                end,
                before,
                random.nextInt(4) == 0);
    }

    private static int headerLength(byte[] bytes, int frame) {
        int length7 = bytes[frame + 1] & 0x7f;
        int extended = length7 < 126 ? 0 : length7 == 126 ? 2 : 8;
        return 2 + extended + ((bytes[frame + 1] & 0x80) == 0 ? 0 : 4);
    }

    private static byte[] frame(Random random, boolean masked) {
        int size =
                switch (random.nextInt(10)) {
                    case 0 -> 0;
                    case 1 -> 125 + random.nextInt(3);
                    case 2 -> 65534 + random.nextInt(4);
                    case 3 -> random.nextInt(300_000);
                    case 4, 5 -> random.nextInt(5_000);
                    default -> random.nextInt(100);
                };
        byte[] payload = new byte[size];
        random.nextBytes(payload);
        boolean control = size < 126 && random.nextInt(4) == 0;
        return Frame.encode(control ? Frame.PING : Frame.BINARY, payload, masked);
    }

    /** Mostly around the end of the head, where errors are likely. */
    private static List<Integer> cuts(Random random, int head, int early) {
        List<Integer> cuts = new ArrayList<>();
        int count = random.nextInt(4);
        int total = head + early;
        for (int i = 0; i < count; i++) {
            int near = head - 8 + random.nextInt(24);
            int cut = random.nextBoolean() ? near : 1 + random.nextInt(total);
            if (cut > 0 && cut < total) {
                cuts.add(cut);
            }
        }
        cuts.sort(null);
        return cuts;
    }
}
