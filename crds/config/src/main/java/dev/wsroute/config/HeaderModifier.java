// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Changes of a message's headers, in this order: {@code remove}, {@code set}, {@code add}. Names are compared without
 * regard to case, and none is the proxy's own (see {@link HttpNames#isProxyOwned}).
 *
 * @param set takes the place of every header of that name
 * @param add stands beside those that there are
 * @param remove names
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HeaderModifier(
        @Distinct(ignoreCase = true)
        @Pairs(
                name = @Text(max = 256, form = TextForm.CHANGEABLE_HEADER),
                value = @Text(max = 4096, form = TextForm.HEADER_VALUE))
        List<NameValue> set,

        @Pairs(
                name = @Text(max = 256, form = TextForm.CHANGEABLE_HEADER),
                value = @Text(max = 4096, form = TextForm.HEADER_VALUE))
        List<NameValue> add,

        @Text(max = 256, form = TextForm.CHANGEABLE_HEADER) List<String> remove) {

    public HeaderModifier {
        set = Defaults.list(set);
        add = Defaults.list(add);
        remove = Defaults.list(remove);
    }
}
