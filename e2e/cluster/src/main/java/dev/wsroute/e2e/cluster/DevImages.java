// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster;

import dev.wsroute.e2e.echo.EchoServer;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The programs of this repository as images: what a node runs for {@code wsroute/echo:dev} and the like. */
public final class DevImages {

    public static final String OPERATOR = "wsroute/operator:dev";
    public static final String PROXY = "wsroute/proxy:dev";

    /** The same proxy by the name of another version, for upgrades. */
    public static final String NEXT_PROXY = "wsroute/proxy:next";

    /** The operator of an earlier version, for downgrades. */
    public static final String EARLIER_OPERATOR = "wsroute/operator:earlier";

    /** Where {@code e2e/build-before} puts it. */
    public static final String EARLIER_OPERATOR_JAR = "e2e/scenarios/target/earlier/wsroute-operator.jar";

    public static final String ECHO = "wsroute/echo:dev";

    /** A small heap, the simple collector and the quick compiler: many processes share a developer's machine. */
    private static final List<String> LIGHT = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k");

    /** Makes both programs accept loopback addresses, which pods have here. */
    public static final String LOOPBACK = "--allow-loopback-endpoints";

    private DevImages() {}

    /**
     * Operator, proxy and echo.
     *
     * @param repository its root, where the programs are packaged
     */
    public static Map<String, List<String>> of(Path repository) {
        return Map.of(
                ECHO,
                echo(),
                OPERATOR,
                operator(repository.resolve("operator/target/wsroute-operator.jar")),
                EARLIER_OPERATOR,
                operator(repository.resolve(EARLIER_OPERATOR_JAR)),
                PROXY,
                proxy(repository),
                NEXT_PROXY,
                proxy(repository));
    }

    private static List<String> operator(Path jar) {
        return program(jar, "-Xmx192m", "-XX:MaxDirectMemorySize=48m");
    }

    private static List<String> proxy(Path repository) {
        return program(repository.resolve("proxy-runtime/target/wsroute-proxy.jar"), "-Xmx128m");
    }

    private static List<String> program(Path jar, String... memory) {
        List<String> arguments = new ArrayList<>(new ClassArchive(jar).flags());
        arguments.addAll(List.of(memory));
        arguments.addAll(List.of("-jar", jar.toString(), LOOPBACK));
        return java(arguments);
    }

    /** The command line of the echo server, which needs nothing packaged. */
    public static List<String> echo() {
        String classPath = Stream.of(
                        EchoServer.class,
                        io.netty.bootstrap.ServerBootstrap.class,
                        io.netty.buffer.ByteBuf.class,
                        io.netty.util.ReferenceCounted.class,
                        io.netty.resolver.AddressResolver.class,
                        io.netty.handler.codec.ByteToMessageDecoder.class,
                        io.netty.handler.codec.compression.ZlibCodecFactory.class,
                        io.netty.handler.ssl.SslHandler.class,
                        io.netty.handler.codec.http.HttpServerCodec.class)
                .map(DevImages::location)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        List<String> arguments = new ArrayList<>(new ClassArchive(echoJar()).flags());
        arguments.addAll(List.of("-Xmx32m", "-cp", classPath, EchoServer.class.getName()));
        return java(arguments);
    }

    /** Where the echo server's classes are: a jar once it is packaged, a folder before. */
    public static Path echoJar() {
        return Path.of(location(EchoServer.class));
    }

    private static List<String> java(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(javaProgram());
        command.addAll(LIGHT);
        command.addAll(arguments);
        return List.copyOf(command);
    }

    private static String javaProgram() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path has an entry that is no file: " + e.getMessage(), e);
        }
    }
}
