package dev.wsroute.config;

import java.util.List;

/** A document that cannot be used. Each problem is one sentence that names the field's path. */
public class InvalidConfigException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    public InvalidConfigException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence a problem, never empty. */
    public List<String> problems() {
        return problems;
    }
}
