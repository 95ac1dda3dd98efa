/** What users install, held against what it is made from. */
@NullMarked
package dev.wsroute.e2e.install;

import org.jspecify.annotations.NullMarked;
