// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.trim;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Trims each item of an API list while the list arrives, so that at most one untrimmed item is in memory, however many items
 * a page has. Anything but a list passes unchanged.
 */
final class ListSplitter {

    /** Trims an item. */
    @FunctionalInterface
    interface Reduction {

        /**
         * @param json the item
         * @param depth of its nested values
         */
        byte[] reduce(byte[] json, int depth);
    }

    private static final String ITEMS = "items";
    private static final int LIST_DEPTH = 1;
    private static final int ITEMS_DEPTH = 2;

    private final Reduction reduction;
    private final StringBuilder lastText = new StringBuilder();
    private final ByteArrayOutputStream item = new ByteArrayOutputStream();
    private int depth;
    private int deepest;
    private boolean inText;
    private boolean escaped;
    private boolean inItems;

    ListSplitter(Reduction reduction) {
        this.reduction = reduction;
    }

    /** Returns the bytes to forward for {@code chunks}; an item is forwarded once it is complete. */
    ByteBuffer feed(Iterable<ByteBuffer> chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer chunk : chunks) {
            byte[] bytes = new byte[chunk.remaining()];
            chunk.duplicate().get(bytes);
            feed(bytes, out);
        }
        return ByteBuffer.wrap(out.toByteArray());
    }

    private void feed(byte[] bytes, ByteArrayOutputStream out) {
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean outside = depth <= ITEMS_DEPTH;
            step(bytes[i]);
            if (!inItems) {
                continue;
            }
            if (outside && depth > ITEMS_DEPTH) {
                out.write(bytes, from, i - from);
                from = i;
            } else if (!outside && depth == ITEMS_DEPTH) {
                item.write(bytes, from, i + 1 - from);
                out.writeBytes(reduction.reduce(item.toByteArray(), deepest));
                item.reset();
                deepest = 0;
                from = i + 1;
            }
        }
        (inItems && depth > ITEMS_DEPTH ? item : out).write(bytes, from, bytes.length - from);
    }

    private void step(byte one) {
        if (inText) {
            text(one);
        } else {
            structure(one);
            deepest = inItems ? Math.max(deepest, depth - ITEMS_DEPTH) : deepest;
        }
    }

    private void text(byte one) {
        if (escaped) {
            escaped = false;
        } else if (one == '\\') {
            escaped = true;
        } else if (one == '"') {
            inText = false;
        }
        if (inText && depth == LIST_DEPTH && lastText.length() <= ITEMS.length()) {
            lastText.append((char) (one & 0xff));
        }
    }

    private void structure(byte one) {
        switch (one) {
            case '"' -> {
                inText = true;
                lastText.setLength(0);
            }
            case '{' -> depth++;
            case '[' -> {
                inItems |= depth == LIST_DEPTH && ITEMS.contentEquals(lastText);
                depth++;
            }
            case '}', ']' -> {
                depth--;
                inItems &= depth >= ITEMS_DEPTH;
            }
            default -> {}
        }
    }

    /** The nesting depth of {@code json}. */
    static int depthOf(String json) {
        ListSplitter whole = new ListSplitter((item, depth) -> item);
        int deepest = 0;
        for (byte one : json.getBytes(StandardCharsets.UTF_8)) {
            if (whole.inText) {
                whole.text(one);
            } else {
                whole.structure(one);
                deepest = Math.max(deepest, whole.depth);
            }
        }
        return deepest;
    }
}
