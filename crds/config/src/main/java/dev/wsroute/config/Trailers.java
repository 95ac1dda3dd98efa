// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Names of the trailers that pass, compared without regard to case; all others are dropped. None is one that is read
 * before the body (see {@link HttpNames#isNoTrailer}).
 *
 * @param request those from clients
 * @param response those from backends
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
