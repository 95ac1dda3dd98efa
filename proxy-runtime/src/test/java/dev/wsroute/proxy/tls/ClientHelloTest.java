// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wsroute.proxy.tls.ClientHello.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Client hellos of the JDK, split and damaged. */
class ClientHelloTest {

    private static byte[] hello(@Nullable String host) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(host == null ? List.of() : List.of(new SNIHostName(host)));
        engine.setSSLParameters(parameters);
        ByteBuffer out = ByteBuffer.allocate(17 * 1024);
        engine.wrap(ByteBuffer.allocate(0), out);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    /** The message in records of {@code size} bytes. */
    private static byte[] fragmented(byte[] hello, int size) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 5; at < hello.length; at += size) {
            int length = Math.min(size, hello.length - at);
            out.write(22);
            out.write(3);
            out.write(1);
            out.write(length >> 8);
            out.write(length);
            out.write(hello, at, length);
        }
        return out.toByteArray();
    }

    private static @Nullable String host(byte[] hello) {
        ClientHello reader = new ClientHello(false);
        ByteBuf bytes = Unpooled.wrappedBuffer(hello);
        assertThat(reader.read(bytes)).isEqualTo(Progress.COMPLETE);
        return reader.host(bytes);
    }

    @Test
    void namesTheHost() throws Exception {
        assertThat(host(hello("Chat.Example.com"))).isEqualTo("chat.example.com");
        assertThat(host(hello(null))).isNull();
    }

    @Test
    void isIncompleteUntilItsLastByte() throws Exception {
        byte[] hello = hello("chat.example.com");
        ClientHello reader = new ClientHello(false);
        ByteBuf bytes = Unpooled.buffer();
        for (int i = 0; i < hello.length - 1; i++) {
            bytes.writeByte(hello[i]);
            assertThat(reader.read(bytes)).isEqualTo(Progress.INCOMPLETE);
        }
        bytes.writeByte(hello[hello.length - 1]);

        assertThat(reader.read(bytes)).isEqualTo(Progress.COMPLETE);
        assertThat(reader.host(bytes)).isEqualTo("chat.example.com");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 100})
    void mayComeInSeveralRecords(int size) throws Exception {
        assertThat(host(fragmented(hello("chat.example.com"), size))).isEqualTo("chat.example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "170301000100",
                "160201000100",
                "1603010000",
                "16030140010100",
                // A server hello.
                "160301000402000000",
                // A message of 65 KiB.
                "160301000401010400"
            })
    void anythingElseIsInvalid(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(new ClientHello(false).read(Unpooled.wrappedBuffer(bytes))).isEqualTo(Progress.INVALID);
    }

    @Test
    void moreThan16KibibytesAreInvalid() {
        ByteBuf bytes = Unpooled.buffer();
        bytes.writeBytes(new byte[] {22, 3, 1, 0, 4, 1, 0, 0x3f, 0});
        ClientHello reader = new ClientHello(false);
        Progress progress = reader.read(bytes);
        while (progress == Progress.INCOMPLETE) {
            bytes.writeBytes(new byte[] {22, 3, 1, 0, 1, 0});
            progress = reader.read(bytes);
        }

        assertThat(progress).isEqualTo(Progress.INVALID);
        assertThat(bytes.readableBytes()).isLessThanOrEqualTo(ClientHello.MAX_BYTES + 6);
    }

    @Test
    void aHostThatCannotBeInACertificateIsIgnored() throws Exception {
        byte[] hello = hello("chat.example.com");
        int at = new String(hello, StandardCharsets.ISO_8859_1).indexOf("chat.example.com");
        hello[at] = 0;

        assertThat(host(hello)).isNull();
    }

    @Test
    void anyByteMayBeWrong() throws Exception {
        byte[] hello = hello("chat.example.com");
        for (int i = 9; i < hello.length; i++) {
            for (int value : new int[] {0, 1, 127, 255}) {
                byte[] wrong = hello.clone();
                wrong[i] = (byte) value;
                String host = host(wrong);
                assertThat(host == null || host.length() <= 255).isTrue();
            }
        }
    }
}
