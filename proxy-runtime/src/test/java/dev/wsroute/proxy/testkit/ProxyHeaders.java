// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.testkit;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Builds valid and invalid PROXY protocol headers of version 2. */
public final class ProxyHeaders {

    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    private ProxyHeaders() {}

    public static byte[] v2(int versionAndCommand, int family, byte[] rest) {
        byte[] fixed = {(byte) versionAndCommand, (byte) family, (byte) (rest.length >> 8), (byte) rest.length};
        return join(SIGNATURE, fixed, rest);
    }

    /** From {@code source} to 127.0.0.1:80. */
    public static byte[] tcp4(String source, int port) {
        return addresses(source, "127.0.0.1", port);
    }

    /** From {@code source} to [::1]:80. */
    public static byte[] tcp6(String source, int port) {
        return addresses(source, "::1", port);
    }

    public static byte[] tlv(int type, byte[] value) {
        return join(new byte[] {(byte) type, (byte) (value.length >> 8), (byte) value.length}, value);
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] addresses(String source, String target, int port) {
        return join(
                NetUtil.createByteArrayFromIpAddressString(source),
                NetUtil.createByteArrayFromIpAddressString(target),
                ByteBuffer.allocate(4)
                        .putShort((short) port)
                        .putShort((short) 80)
                        .array());
    }
}
