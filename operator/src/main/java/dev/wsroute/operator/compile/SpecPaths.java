package dev.wsroute.operator.compile;

/** Turns the paths of a document's fields into those of the spec that it was compiled from. */
final class SpecPaths {

    private SpecPaths() {}

    /** The sentence {@code problem}, which begins with a path in the document, for a reader of the spec. */
    static String ofDocument(String problem) {
        return problem.replace("routes[0].", "spec.")
                .replaceAll("(^|is also )(listeners|drain|clientAddress|limits)", "$1spec.proxy.$2")
                .replaceAll("\\.backends\\[", ".backendRefs[")
                .replaceAll("\\.(request|response)Headers\\.", ".$1HeaderModifier.")
                .replaceFirst("\\.urlRewrite\\.replacePrefixMatch", ".urlRewrite.path.replacePrefixMatch")
                .replaceFirst("\\.sessionPersistence\\.cookieName", ".sessionPersistence.sessionName")
                .replaceFirst("\\.connections\\.pingInterval", ".connections.ping.interval")
                .replaceFirst("\\.connectRetries", ".connections.connectRetries");
    }
}
