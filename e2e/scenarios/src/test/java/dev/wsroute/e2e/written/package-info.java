// SPDX-License-Identifier: Apache-2.0
/** What everything wrote in a run of the build, looked through for the secrets of tests. */
@org.jspecify.annotations.NullUnmarked
package dev.wsroute.e2e.written;
