package dev.wsroute.e2e.cluster.api.view;

import dev.wsroute.e2e.cluster.api.store.Json;
import dev.wsroute.e2e.cluster.api.types.ResourceType;
import java.util.List;

/** The columns of built-in kinds. */
final class BuiltInColumns {

    private static final Column NAME = Column.of("Name", object -> Json.text(object, "metadata", "name"));
    private static final Column AGE = Column.of("Age", Ages::sinceCreation);

    private BuiltInColumns() {}

    static List<Column> of(ResourceType type) {
        return List.of(NAME, AGE);
    }
}
