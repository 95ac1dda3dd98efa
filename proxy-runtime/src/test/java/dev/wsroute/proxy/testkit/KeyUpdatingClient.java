// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A client that changes its keys and asks the proxy to do the same after each record of one byte (KeyUpdate, RFC 8446 §4.6.3), and
 * reads nothing meanwhile. A process of its own, since the JDK does so only with a security property that it reads once.
 */
public final class KeyUpdatingClient implements AutoCloseable {

    private static final String EAGER = "jdk.tls.keyLimits=AES/GCM/NoPadding KeyUpdate 1\n";

    private final Process process;

    private KeyUpdatingClient(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param folder for its settings
     * @param payload bytes of the one message that it sends
     */
    public static KeyUpdatingClient start(Path folder, InetSocketAddress proxy, int payload) throws IOException {
        Path settings = Files.writeString(folder.resolve("eager.properties"), EAGER);
        return new KeyUpdatingClient(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.security.properties=" + settings,
                        "-cp",
                        System.getProperty("java.class.path"),
                        KeyUpdatingClient.class.getName(),
                        Integer.toString(proxy.getPort()),
                        Integer.toString(payload))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Waits until the connection has ended. Returns how many bytes the client received after its message, TLS included. */
    public long received() throws IOException {
        return Long.parseLong(process.inputReader().readLine());
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] arguments) throws Exception {
        int payload = Integer.parseInt(arguments[1]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        Socket tcp = new Socket();
        tcp.setReceiveBufferSize(4096);
        tcp.connect(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(tcp, "chat.example.com", 1, true);
        tls.setEnabledProtocols(new String[] {"TLSv1.3"});
        tls.setEnabledCipherSuites(new String[] {"TLS_AES_128_GCM_SHA256"});
        OutputStream out = tls.getOutputStream();
        out.write(TestProxy.handshake().getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) tls.getInputStream().read());
        }
        out.write(Frame.header(Frame.BINARY, payload, true));
        for (int i = 0; i < payload; i++) {
            out.write(0);
        }
        System.out.println(count(tcp.getInputStream()));
    }

    private static long count(InputStream in) {
        byte[] bytes = new byte[65536];
        long count = 0;
        try {
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                count += read;
            }
        } catch (IOException reset) {
            // The proxy resets a client that does not answer its Close.
            return count;
        }
        return count;
    }
}
