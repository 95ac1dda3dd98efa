// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy with a server that its runtime API enables and disables. Its log shows each change. */
record SwitchedHaproxy(int sparePort) implements Churned {

    private static final String SOCKET = "admin.sock";

    @Override
    public String label() {
        return ComparedProxy.HAPROXY.label();
    }

    @Override
    public boolean isInstalled() {
        return ComparedProxy.HAPROXY.isInstalled();
    }

    @Override
    public List<String> versionCommand() {
        return ComparedProxy.HAPROXY.versionCommand();
    }

    @Override
    public Launch launch(Path folder, Entrance entrance, int backendPort) throws IOException {
        String control = "  stats socket " + folder.resolve(SOCKET) + " level admin\n";
        return ComparedProxy.HAPROXY.start(
                folder, ComparedProxy.HAPROXY.configuration(entrance, List.of(backendPort, sparePort), control));
    }

    /** An empty line in response means success (management guide, section 9.3). */
    @Override
    public void change(RunningProxy proxy, boolean spare) throws IOException {
        String answer = tell(proxy, "set server backends/spare state " + (spare ? "ready" : "maint") + "\n");
        if (!answer.isEmpty()) {
            throw new IOException(answer);
        }
    }

    /** One transaction, which begins with the new content and an empty line. */
    @Override
    public void renew(RunningProxy proxy, Identity identity) throws IOException {
        tell(proxy, "set ssl cert " + identity.both() + " <<\n" + Files.readString(identity.both()) + "\n");
        String answer = tell(proxy, "commit ssl cert " + identity.both() + "\n");
        if (!answer.contains("Success")) {
            throw new IOException(answer);
        }
    }

    private static String tell(RunningProxy proxy, String command) throws IOException {
        try (SocketChannel socket =
                SocketChannel.open(UnixDomainSocketAddress.of(proxy.folder().resolve(SOCKET)))) {
            socket.write(ByteBuffer.wrap(command.getBytes(US_ASCII)));
            return new String(Channels.newInputStream(socket).readAllBytes(), US_ASCII).strip();
        }
    }

    @Override
    public long taken(RunningProxy proxy) throws IOException {
        return proxy.output().stream()
                .filter(line -> line.contains("Server backends/spare is "))
                .count();
    }
}
