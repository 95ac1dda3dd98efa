// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The checks apply however tokens are read. */
class StrictTokensTest {

    private static StrictTokens tokens(String json) throws IOException {
        return new StrictTokens(new JsonFactory().createParser(json));
    }

    @Test
    void aFieldThatIsGivenTwiceIsRefusedWhereItIsSkipped() throws IOException {
        StrictTokens tokens = tokens("{\"a\": {\"b\": 1, \"b\": 2}}");
        tokens.nextToken();

        assertThatThrownBy(tokens::skipChildren)
                .isInstanceOfSatisfying(
                        RefusedDocumentException.class,
                        e -> assertThat(e.problem().sentence()).startsWith("a.b is given twice"));
    }

    @Test
    void aFieldThatIsGivenTwiceIsRefusedWhereValuesAreRead() throws IOException {
        StrictTokens tokens = tokens("{\"a\": 1, \"a\": 2}");
        tokens.nextToken();
        assertThat(tokens.nextValue()).isEqualTo(JsonToken.VALUE_NUMBER_INT);

        assertThatThrownBy(tokens::nextValue).isInstanceOf(RefusedDocumentException.class);
    }

    @Test
    void whatFollowsASkippedPartIsCheckedInItsOwnObject() throws IOException {
        StrictTokens tokens = tokens("{\"a\": {\"c\": [{}]}, \"b\": 1, \"c\": 2, \"b\": 3}");
        tokens.nextToken();
        tokens.nextValue();
        tokens.skipChildren();
        assertThat(tokens.currentToken()).isEqualTo(JsonToken.END_OBJECT);
        assertThat(tokens.nextFieldName()).isEqualTo("b");
        tokens.nextToken();
        assertThat(tokens.nextFieldName()).isEqualTo("c");
        tokens.nextToken();

        assertThatThrownBy(tokens::nextToken).isInstanceOf(RefusedDocumentException.class);
    }

    @Test
    void skippingWhereNothingBeginsDoesNothing() throws IOException {
        StrictTokens tokens = tokens("[1, 2]");
        tokens.nextToken();
        tokens.nextToken();

        tokens.skipChildren();

        assertThat(tokens.currentToken()).isEqualTo(JsonToken.VALUE_NUMBER_INT);
        assertThat(tokens.nextToken()).isEqualTo(JsonToken.VALUE_NUMBER_INT);
        assertThat(tokens.nextToken()).isEqualTo(JsonToken.END_ARRAY);
        assertThat(tokens.nextToken()).isNull();
    }
}
