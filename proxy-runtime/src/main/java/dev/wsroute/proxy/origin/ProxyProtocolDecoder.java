package dev.wsroute.proxy.origin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the PROXY protocol header, version 1 or 2, from the begin of a connection and leaves the pipeline; what follows
 * it goes to the next handler. How long a peer may take for it is the next handler's to say.
 */
public final class ProxyProtocolDecoder extends ByteToMessageDecoder {

    /** Hears what became of it: exactly one call, on the event loop. */
    public interface Listener {

        /** @return whether the connection goes on */
        boolean header(ProxyHeader header);

        /**
         * The connection begins with something else, which is allowed.
         *
         * @return whether the connection goes on
         */
        boolean noHeader();

        /** The header is malformed, or missing; the connection is to be closed. */
        void broken();
    }

    private final boolean required;
    private final Listener listener;
    private boolean over;

    /** @param required a connection without a header is broken */
    public ProxyProtocolDecoder(boolean required, Listener listener) {
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

    /** Not a header; nothing of the connection can be trusted. */
    static final class MalformedProxyHeaderException extends Exception {

        private static final long serialVersionUID = 1L;

        MalformedProxyHeaderException(@Nullable String sentence) {
            super(sentence, null, false, false);
        }
    }
}
