/** Tests of the files that users install. */
@NullMarked
package dev.wsroute.e2e.install;

import org.jspecify.annotations.NullMarked;
