package dev.wsroute.config;

import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.Reader;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Has Jackson read {@link YamlEvents}. Only for text, which has been decoded already. */
final class YamlDocuments extends YAMLFactory {

    private static final long serialVersionUID = 1;

    private final int mostAdded;

    /** @param mostAdded how many characters the aliases of a document may add */
    YamlDocuments(int mostAdded) {
        this.mostAdded = mostAdded;
    }

    @Override
    protected YAMLParser _createParser(Reader text, IOContext context) {
        return new Parser(
                context,
                _parserFeatures,
                _yamlParserFeatures,
                _objectCodec,
                text,
                new YamlEvents(new StreamReader(text), mostAdded));
    }

    /** Jackson's own, whose constructor that takes events is for subclasses. */
    private static final class Parser extends YAMLParser {

        Parser(IOContext context, int features, int yamlFeatures, ObjectCodec codec, Reader text, ParserImpl events) {
            super(context, features, yamlFeatures, codec, text, events);
        }
    }
}
