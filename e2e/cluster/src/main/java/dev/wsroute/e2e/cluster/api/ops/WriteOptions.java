// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.ops;

import java.util.ArrayList;
import java.util.List;

/**
 * The options of a write.
 *
 * @param manager the field manager
 * @param validation what to do with unknown fields
 * @param force take over fields that other appliers own
 * @param warnings for the client, besides the result; filled during the write
 */
public record WriteOptions(
        String manager, boolean dryRun, FieldValidation validation, boolean force, List<String> warnings) {

    /** The API's fieldValidation parameter. */
    public enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    /** For writes of the server itself. */
    public static WriteOptions internal(String manager) {
        return new WriteOptions(manager, false, FieldValidation.IGNORE, true, new ArrayList<>());
    }
}
