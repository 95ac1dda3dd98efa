// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.config;

import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.Reader;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Lets Jackson read {@link YamlEvents}. Only for text that is already decoded. */
final class YamlDocuments extends YAMLFactory {

    private static final long serialVersionUID = 1;

    private final int maxAdded;

    /** @param maxAdded maximum number of characters that the aliases of a document may add */
    YamlDocuments(int maxAdded) {
        this.maxAdded = maxAdded;
        setStreamReadConstraints(StrictTokens.CONSTRAINTS);
    }

    @Override
    protected YAMLParser _createParser(Reader text, IOContext context) {
        return new Parser(
                context,
                _parserFeatures,
                _yamlParserFeatures,
                _objectCodec,
                text,
                new YamlEvents(new StreamReader(text), maxAdded));
    }

    /** Jackson's parser; its constructor for events is protected. */
    private static final class Parser extends YAMLParser {

        Parser(IOContext context, int features, int yamlFeatures, ObjectCodec codec, Reader text, ParserImpl events) {
            super(context, features, yamlFeatures, codec, text, events);
        }
    }
}
