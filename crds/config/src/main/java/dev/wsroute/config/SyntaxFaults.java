// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.wsroute.config.ProxyConfigParser.DocumentFormat;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What makes a text no document of its format, in one sentence. */
final class SyntaxFaults {

    private SyntaxFaults() {}

    static String sentence(JsonProcessingException e, DocumentFormat format) {
        String where = StrictTokens.at(e.getLocation());
        if (e instanceof MismatchedInputException) {
            return "The document must be the only one of its file, another one begins" + where;
        }
        return "The document is not valid " + format + where + ": " + what(e);
    }

    private static String what(JsonProcessingException e) {
        if (e instanceof JsonEOFException) {
            return "it ends too early";
        }
        if (e.getCause() instanceof MarkedYAMLException fault) {
            // Its message also shows the source, in several lines.
            return fault.getContext() == null ? fault.getProblem() : fault.getContext() + ", " + fault.getProblem();
        }
        String message = e.getOriginalMessage();
        // Jackson adds where an object or list began, in its own notation.
        int began = message.indexOf(" (for ");
        return began < 0 ? message : message.substring(0, began);
    }
}
