// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;

/** Reads EndpointSlices from JSON as the client does. */
public final class ReadSlices {

    private ReadSlices() {}

    /** @param list an EndpointSliceList */
    public static List<EndpointSlice> of(byte[] list) throws IOException {
        return new ApiJson<>(new ObjectMapper(), EndpointSlice::read).list(list).items();
    }
}
