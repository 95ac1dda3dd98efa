package dev.wsroute.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A document that cannot be used. Each problem is one sentence that names the field's path. */
public class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;
    private final transient @Nullable ConfigVersion version;

    public InvalidConfigException(List<String> problems) {
        this(null, problems);
    }

    public InvalidConfigException(@Nullable ConfigVersion version, List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
        this.version = version;
    }

    /** The version that the document gives itself; null when it gives none that can be read. */
    public @Nullable ConfigVersion version() {
        return version;
    }

    /** One sentence a problem, never empty. */
    public List<String> problems() {
        return problems;
    }
}
