// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Names of the trailers that are forwarded, case-insensitive; all others are dropped. None may be a header that is read before
 * the body (see {@link HttpNames#isNoTrailer}).
 *
 * @param request names of trailers from clients
 * @param response names of trailers from backends
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Trailers(
        @Text(max = 128, form = TextForm.TRAILER) List<String> request,
        @Text(max = 128, form = TextForm.TRAILER) List<String> response) {

    public Trailers {
        request = Defaults.list(request);
        response = Defaults.list(response);
    }
}
