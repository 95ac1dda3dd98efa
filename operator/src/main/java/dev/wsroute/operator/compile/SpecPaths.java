package dev.wsroute.operator.compile;

/** Translates field paths of the document into paths of the spec that it was compiled from. */
final class SpecPaths {

    private SpecPaths() {}

    /** Translates {@code problem}, a sentence that starts with a path in the document. */
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
