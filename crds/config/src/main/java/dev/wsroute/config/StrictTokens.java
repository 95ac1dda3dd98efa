// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a document, whose objects have no field twice and which is not nested too deeply. Jackson checks both as
 * well, but its exceptions differ in their text only.
 */
final class StrictTokens extends JsonParserDelegate {

    /** How many lists and objects within each other a document may have. */
    static final int MAX_DEPTH = StreamReadConstraints.DEFAULT_MAX_DEPTH;

    /** For the parser behind this one: it must not be the first to refuse a document that is nested too deeply. */
    static final StreamReadConstraints CONSTRAINTS =
            StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH + 1).build();

    /** The names of the fields so far, for each object or list that has begun and not ended. */
    private final Deque<Set<String>> open = new ArrayDeque<>();

    StrictTokens(JsonParser parser) {
        super(parser);
    }

    /** @throws RefusedDocumentException if a field is given twice or the document is nested too deeply */
    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        if (token == null) {
            return null;
        }
        if (token.isStructStart()) {
            open.push(new HashSet<>());
            if (open.size() > MAX_DEPTH) {
                throw new RefusedDocumentException(Problem.ofDocument(
                        "The document must not have more than " + MAX_DEPTH + " lists and objects within each other"));
            }
        } else if (token.isStructEnd()) {
            open.pop();
        } else if (token == JsonToken.FIELD_NAME && !open.element().add(currentName())) {
            throw new RefusedDocumentException(
                    new Problem(path(getParsingContext()), "is given twice" + at(currentTokenLocation())));
        }
        return token;
    }

    /** As {@link #nextToken}; the superclass would ask the parser behind this one. */
    @Override
    public @Nullable JsonToken nextValue() throws IOException {
        JsonToken token = nextToken();
        return token == JsonToken.FIELD_NAME ? nextToken() : token;
    }

    /** Also checks what is skipped, and counts its end; the superclass would ask the parser behind this one. */
    @Override
    public JsonParser skipChildren() throws IOException {
        JsonToken begun = currentToken();
        if (begun != null && begun.isStructStart()) {
            int outside = open.size() - 1;
            JsonToken token = begun;
            while (token != null && open.size() > outside) {
                token = nextToken();
            }
        }
        return this;
    }

    /** Such as {@code " at line 3, column 7"}. */
    static String at(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String path(JsonStreamContext context) {
        JsonStreamContext parent = context.getParent();
        String above = parent == null ? "" : path(parent);
        if (context.inArray()) {
            return above + "[" + context.getCurrentIndex() + "]";
        }
        String name = context.hasCurrentName() ? context.getCurrentName() : "";
        return above.isEmpty() ? name : above + "." + name;
    }
}
