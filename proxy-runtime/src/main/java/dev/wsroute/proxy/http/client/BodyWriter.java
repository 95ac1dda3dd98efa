// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.client;

import dev.wsroute.proxy.tcp.GatheringOutput;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/** Writes bodies to a channel so that queued pieces use little more memory than their bytes. */
public final class BodyWriter {

    private final GatheringOutput output;

    public BodyWriter(Channel channel) {
        this.output = new GatheringOutput(channel, DefaultHttpContent::new);
    }

    /** Writes a piece without flushing, and releases it. */
    public void write(HttpContent piece) {
        if (piece instanceof LastHttpContent last) {
            output.writeGathered();
            output.put(last.content().isReadable() ? last.replace(output.compact(last.content())) : last);
        } else {
            output.write(piece.content(), piece);
        }
    }

    /** Ends the body: writes what is still pending. */
    void end() {
        output.writeGathered();
    }
}
