// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.wsroute.proxy.relay.HandoverScenario.End;
import dev.wsroute.proxy.relay.HandoverScenario.Script;
import dev.wsroute.proxy.testkit.Frame;
import dev.wsroute.proxy.testkit.PeerChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One side of a {@link HandoverScenario}: follows its script, and then RFC 6455. Never blocks. */
final class ScriptedPeer {

    private sealed interface Step {
        record Send(ByteBuffer bytes) implements Step {}

        /** Waits until the proxy has read everything that was sent. */
        record Settle() implements Step {}

        /** Waits for the other side's head. */
        record AwaitHead() implements Step {}

        record Finish() implements Step {}

        record Reset() implements Step {}
    }

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);

    private final PeerChannel peer;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final Script script;
    private final boolean client;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ReceivedFrames received = new ReceivedFrames();
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    private boolean headComplete;
    private boolean blocked;
    private boolean answered;
    private boolean outputOver;
    private boolean refused;
    private boolean ended;
    private boolean reset;
    private boolean resetting;

    ScriptedPeer(PeerChannel peer, Selector selector, HandoverScenario scenario, boolean client) throws IOException {
        this.peer = peer;
        this.channel = peer.socket();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.key = channel.register(selector, 0, this);
        this.client = client;
        this.script = client ? scenario.client() : scenario.backend();
        said.writeBytes(script.frames());
        if (!client) {
            steps.add(new Step.AwaitHead());
        }
        if (!client && scenario.backendEndsInHead() >= 0) {
            steps.add(new Step.Send(ByteBuffer.wrap(script.head(), 0, scenario.backendEndsInHead())));
        } else {
            addFrames();
        }
        switch (script.end()) {
            case FIN -> steps.add(new Step.Finish());
            case RST -> steps.add(new Step.Reset());
            default -> {}
        }
    }

    private void addFrames() {
        byte[] first = new byte[script.head().length + script.early()];
        System.arraycopy(script.head(), 0, first, 0, script.head().length);
        System.arraycopy(script.frames(), 0, first, script.head().length, script.early());
        int start = 0;
        for (int cut : script.cuts()) {
            steps.add(new Step.Send(ByteBuffer.wrap(first, start, cut - start)));
            if (script.waits()) {
                steps.add(new Step.Settle());
            }
            start = cut;
        }
        steps.add(new Step.Send(ByteBuffer.wrap(first, start, first.length - start)));
        if (client && !script.endsBeforeAnswer()) {
            steps.add(new Step.AwaitHead());
        } else if (script.waits()) {
            steps.add(new Step.Settle());
        }
        int rest = script.frames().length - script.early();
        if (rest > 0) {
            steps.add(new Step.Send(ByteBuffer.wrap(script.frames(), script.early(), rest)));
        }
    }

    /** Everything that the script made it send, and its answers. */
    byte[] said() {
        return said.toByteArray();
    }

    /** The other side's head, or the part of it that was received. */
    String head() {
        return head.toString(ISO_8859_1);
    }

    boolean headComplete() {
        return headComplete;
    }

    ReceivedFrames received() {
        return received;
    }

    /** Whether it has read the end of the stream. */
    boolean ended() {
        return ended;
    }

    /** Whether its connection was reset. */
    boolean wasReset() {
        return reset;
    }

    boolean isDone() {
        return resetting || reset || (ended && outputOver);
    }

    /** Whether it has sent everything that it can know of so far. */
    boolean isStuck() {
        return blocked || (steps.isEmpty() && !isAnswerDue());
    }

    private boolean isAnswerDue() {
        return received.closeAt() >= 0 && !answered && !outputOver;
    }

    /**
     * Takes the steps that are possible now.
     *
     * @param other the other side; null if it does not exist yet
     * @param settle waits until the proxy has read what was sent
     * @return whether there was a step to take
     */
    boolean advance(@Nullable ScriptedPeer other, Runnable settle) throws IOException {
        if (isDone()) {
            return false;
        }
        boolean moved = write(settle);
        if (!isDone() && !ended && mayRead(other)) {
            moved |= read();
        }
        react();
        return moved | isDone();
    }

    private boolean mayRead(@Nullable ScriptedPeer other) {
        if (!script.readsLate() || (!client && !headComplete)) {
            return true;
        }
        return other == null ? outputOver : other.isStuck() || other.isDone();
    }

    private boolean write(Runnable settle) throws IOException {
        boolean moved = false;
        blocked = false;
        while (!steps.isEmpty()) {
            Step step = steps.element();
            if (step instanceof Step.Send send) {
                int left = send.bytes().remaining();
                boolean sent;
                try {
                    sent = peer.write(send.bytes());
                    moved |= send.bytes().remaining() < left;
                } catch (IOException gone) {
                    // Bytes from before the reset can still be read.
                    steps.clear();
                    outputOver = true;
                    refused = true;
                    return true;
                }
                if (!sent) {
                    blocked = true;
                    return moved;
                }
            } else if (step instanceof Step.Settle) {
                settle.run();
            } else if (step instanceof Step.AwaitHead) {
                if (!headComplete) {
                    return moved;
                }
            } else if (step instanceof Step.Finish) {
                finish();
            } else {
                reset();
                return true;
            }
            steps.remove();
            moved = true;
        }
        return moved;
    }

    private void finish() {
        outputOver = true;
        try {
            channel.shutdownOutput();
        } catch (IOException gone) {
            // The next read reports the reset.
        }
    }

    private void reset() throws IOException {
        resetting = true;
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        close();
    }

    private boolean read() {
        boolean moved = false;
        while (true) {
            buffer.clear();
            int count;
            try {
                count = peer.read(buffer);
            } catch (IOException gone) {
                reset = true;
                return true;
            }
            if (count < 0 && refused) {
                // The kernel reports a reset only once, and a write has already received it.
                reset = true;
                return true;
            }
            if (count < 0) {
                ended = true;
                if (!headComplete) {
                    // The rest of the script is not sent.
                    steps.clear();
                    finish();
                }
                return true;
            }
            if (count == 0) {
                return moved;
            }
            moved = true;
            take(buffer.array(), count);
        }
    }

    private void take(byte[] bytes, int count) {
        int index = 0;
        while (!headComplete && index < count) {
            head.write(bytes[index++]);
            headComplete = endsHead(head.toByteArray());
        }
        received.add(bytes, index, count - index);
    }

    private static boolean endsHead(byte[] bytes) {
        int from = bytes.length - END_OF_HEAD.length;
        return from >= 0 && Arrays.equals(bytes, from, bytes.length, END_OF_HEAD, 0, END_OF_HEAD.length);
    }

    /** Reacts to what was received. */
    private void react() throws IOException {
        if (isDone() || !steps.isEmpty() || outputOver) {
            return;
        }
        if (isAnswerDue()) {
            answered = true;
            if (script.end() != End.CLOSE) {
                byte[] answer = Frame.close(1000, "", client);
                said.writeBytes(answer);
                steps.add(new Step.Send(ByteBuffer.wrap(answer)));
            }
            if (!client) {
                // RFC 6455 §7.1.1: the server closes the connection.
                steps.add(new Step.Finish());
            }
        } else if (ended) {
            steps.add(new Step.Finish());
        }
    }

    /** Registers the events that it waits for. */
    void watch(@Nullable ScriptedPeer other) {
        if (key.isValid()) {
            int reading = !ended && mayRead(other) ? SelectionKey.OP_READ : 0;
            key.interestOps(isDone() ? 0 : reading | (blocked ? SelectionKey.OP_WRITE : 0));
        }
    }

    /** Progress, for failure messages. */
    @Override
    public String toString() {
        return "head " + (headComplete ? "whole" : head()) + ", " + received.bytes().length + " bytes received, next "
                + steps.peek() + (blocked ? " blocked" : "") + (outputOver ? ", output over" : "")
                + (ended ? ", saw the end" : "") + (reset ? ", saw a reset" : "");
    }

    void close() throws IOException {
        key.cancel();
        key.selector().selectNow();
        channel.close();
    }
}
