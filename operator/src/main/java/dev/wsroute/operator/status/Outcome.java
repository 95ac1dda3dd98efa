package dev.wsroute.operator.status;

import java.util.List;

/** What became of writing the route's objects. */
public sealed interface Outcome {

    /** All are as they should be. */
    record Applied() implements Outcome {}

    /** All but what has to wait until the Services that find the pods of selectors have their EndpointSlices. */
    record Waiting() implements Outcome {}

    /** The route was refused; its objects stay as they are. */
    record NotTried() implements Outcome {}

    /**
     * Objects of others are in the way; nothing was written.
     *
     * @param sentences one each, naming the object
     */
    record Conflicting(List<String> sentences) implements Outcome {

        public Conflicting {
            sentences = List.copyOf(sentences);
        }
    }

    /**
     * The API did not take an object.
     *
     * @param sentence names the object and the API's reason
     * @param permanent whether only an edit of the route can mend it
     */
    record Failed(String sentence, boolean permanent) implements Outcome {}
}
