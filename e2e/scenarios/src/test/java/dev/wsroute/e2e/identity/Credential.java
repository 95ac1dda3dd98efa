// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.identity;

import java.util.Map;

/** What a machine connects with, and the line of a Secret that allows it. Its text is new and random. */
public interface Credential {

    /** In the Secret. */
    String line();

    /** Of the request. */
    Map<String, String> headers();
}
