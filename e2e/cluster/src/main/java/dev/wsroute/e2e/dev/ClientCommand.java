// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A WebSocket in the terminal: sends each typed line and prints the messages received. */
@Command(
        name = "client",
        description = "Opens a WebSocket, sends each line you type and prints the messages it receives.",
        mixinStandardHelpOptions = true)
final class ClientCommand implements Callable<Integer> {

    private static final long ANSWER_SECONDS = 2;
    private static final Set<String> SCHEMES = Set.of("ws", "wss");

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "URL", description = "Such as ws://127.0.0.1:8080/")
    private @Nullable URI uri;

    @Override
    public Integer call() throws Exception {
        URI server = Objects.requireNonNull(uri);
        if (!SCHEMES.contains(String.valueOf(server.getScheme())) || server.getHost() == null) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "URL must be like ws://127.0.0.1:8080/, got '" + server + "'");
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Printer printer = new Printer(out);
        WebSocket socket;
        try {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(server, printer)
                    .join();
        } catch (CompletionException e) {
            spec.commandLine().getErr().println("cannot connect to " + uri + ": " + e.getCause());
            return 1;
        }
        out.println("connected; type a line, end with Ctrl-D");
        out.flush();
        sendLines(socket);
        return printer.closed
                                .completeOnTimeout(0, ANSWER_SECONDS, TimeUnit.SECONDS)
                                .join()
                        == 0
                ? 0
                : 1;
    }

    private static void sendLines(WebSocket socket) throws IOException {
        BufferedReader typed = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        String line;
        while (!socket.isInputClosed() && (line = typed.readLine()) != null) {
            socket.sendText(line, true).join();
        }
        if (!socket.isOutputClosed()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        }
    }

    /** Prints messages, and how the server closed the connection. */
    private static final class Printer implements WebSocket.Listener {

        private final PrintWriter out;
        private final StringBuilder message = new StringBuilder();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        private Printer(PrintWriter out) {
            this.out = out;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                print("< " + message);
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            print("closed with " + code + (reason.isEmpty() ? "" : ": " + reason));
            closed.complete(code == WebSocket.NORMAL_CLOSURE ? 0 : code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            print("the connection broke: " + error.getMessage());
            closed.complete(1);
        }

        private void print(String line) {
            out.println(line);
            out.flush();
        }
    }
}
