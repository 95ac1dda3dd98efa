// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.identity;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An identity provider on this machine, which publishes a key set over https as {@code localhost}. */
public final class KeyServer implements AutoCloseable {

    private static final String PASSWORD = "changeit";

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger requests = new AtomicInteger();
    private final String authority;
    private volatile int status = 200;
    private volatile String answer = "";
    /** In seconds; 0 for none. */
    private volatile long maxAge;

    private KeyServer(HttpsServer server, String authority) {
        this.server = server;
        this.authority = authority;
    }

    public static KeyServer start(Path folder) throws Exception {
        Path keys = folder.resolve("keys.p12");
        run(
                folder,
                "-genkeypair -keyalg EC -dname CN=localhost -ext san=dns:localhost -validity 5 -alias server",
                keys);
        String authority = run(folder, "-exportcert -rfc -alias server", keys);
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        KeyServer started = new KeyServer(server, authority);
        server.setExecutor(started.threads);
        server.createContext("/keys", exchange -> {
            byte[] body = started.answer.getBytes(StandardCharsets.UTF_8);
            if (started.maxAge > 0) {
                exchange.getResponseHeaders().set("Cache-Control", "max-age=" + started.maxAge);
            }
            exchange.sendResponseHeaders(started.status, body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
            started.requests.incrementAndGet();
        });
        server.start();
        return started;
    }

    private static String run(Path folder, String arguments, Path keys) throws IOException, InterruptedException {
        Path output = folder.resolve("keytool.out");
        Process keytool = new ProcessBuilder((Path.of(System.getProperty("java.home"), "bin", "keytool") + " "
                                + arguments + " -keystore " + keys + " -storetype PKCS12 -storepass " + PASSWORD)
                        .split(" "))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!keytool.waitFor(1, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
            throw new IOException("keytool: " + Files.readString(output));
        }
        return Files.readString(output);
    }

    /** Publishes these keys from now on. */
    public void publishes(SigningKey... keys) {
        answers(200, SigningKey.set(keys));
    }

    /** How long its answers may be used from now on. By default they do not say. */
    public void maxAge(Duration age) {
        maxAge = age.toSeconds();
    }

    /** What it answers from now on. */
    public void answers(int code, String body) {
        status = code;
        answer = body;
    }

    /** Host and port. */
    public String host() {
        return "localhost:" + server.getAddress().getPort();
    }

    public String uri() {
        return "https://" + host() + "/keys";
    }

    /** The certificate that vouches for it, in PEM. */
    public String authority() {
        return authority;
    }

    /** How many requests it has answered. */
    public int requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
