// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.operator.admin;

import java.util.Optional;

/** Whether the operator is ready. */
public interface Health {

    /** Why it is not, in a few words; empty if it is. */
    Optional<String> problem();
}
