// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * Changes to the headers of a message, in this order: {@code remove}, {@code set}, {@code add}. Names are case-insensitive and
 * must not be among those that the proxy writes itself (see {@link HttpNames#isProxyOwned}).
 *
 * @param set headers that replace all headers with the same name
 * @param add headers that are added to existing ones with the same name
 * @param remove names of headers to remove
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
