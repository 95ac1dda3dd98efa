// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.clientaddress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the PROXY protocol header (version 1 or 2) at the beginning of a connection, then removes itself from the
 * pipeline and passes on the bytes that follow. The next handler enforces the timeout.
 */
public final class ProxyProtocolDecoder extends ByteToMessageDecoder {

    /** Receives the result: exactly one call, on the event loop. */
    public interface ProxyHeaderListener {

        /** @return whether to keep the connection */
        boolean header(ProxyHeader header);

        /**
         * The connection starts without a header, and none is required.
         *
         * @return whether to keep the connection
         */
        boolean noHeader();

        /** The header is malformed or missing: close the connection. */
        void broken();
    }

    private final boolean required;
    private final ProxyHeaderListener listener;
    private boolean over;

    /** @param required whether a missing header is an error */
    public ProxyProtocolDecoder(boolean required, ProxyHeaderListener listener) {
        this.required = required;
        this.listener = listener;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        switch (ProxyHeaderParser.startOf(in)) {
            case UNDECIDED -> {}
            case NEITHER -> {
                if (required) {
                    fail(in);
                } else {
                    proceed(ctx, in, listener.noHeader());
                }
            }
            case VERSION_1, VERSION_2 -> {
                try {
                    ProxyHeader header = ProxyHeaderParser.read(in);
                    if (header != null) {
                        proceed(ctx, in, listener.header(header));
                    }
                } catch (MalformedProxyHeaderException e) {
                    fail(in);
                }
            }
        }
    }

    private void proceed(ChannelHandlerContext ctx, ByteBuf in, boolean further) {
        over = true;
        if (further) {
            ctx.pipeline().remove(this);
        } else {
            in.skipBytes(in.readableBytes());
        }
    }

    private void fail(ByteBuf in) {
        over = true;
        in.skipBytes(in.readableBytes());
        listener.broken();
    }

    /** A malformed header: the connection cannot be trusted. */
    static final class MalformedProxyHeaderException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedProxyHeaderException(@Nullable String sentence) {
            super(sentence, null, false, false);
        }
    }
}
