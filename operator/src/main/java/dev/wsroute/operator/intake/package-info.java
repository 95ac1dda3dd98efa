/** What the API sends, cut down to what the operator can use before anything of it is held. */
@NullMarked
package dev.wsroute.operator.intake;

import org.jspecify.annotations.NullMarked;
