// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.access;

import dev.wsroute.e2e.cluster.api.access.Access;
import dev.wsroute.e2e.cluster.api.access.RoleAuthorizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What ServiceAccounts did on the clusters of one run of the build. The tests run in several processes, so each class writes a
 * file when it ends.
 *
 * @param allowed requests that their roles allowed
 * @param refused requests that they did not allow
 * @param granted what they granted to others
 */
public record AccessRecord(Set<Access> allowed, Set<Access> refused, Set<Access> granted) {

    private static final Path FOLDER = Path.of("target/access", System.getProperty("wsroute.run", "alone"));

    /** Writes what happened so far, in place of what an earlier test of the class wrote. */
    public static void write(Class<?> test, RoleAuthorizer authorizer) {
        List<String> lines = new ArrayList<>();
        authorizer.allowed().forEach(access -> lines.add(line("allowed", access)));
        authorizer.refused().forEach(access -> lines.add(line("refused", access)));
        authorizer.granted().forEach(access -> lines.add(line("granted", access)));
        try {
            Files.createDirectories(FOLDER);
            Path unfinished = Files.write(FOLDER.resolve(test.getSimpleName() + ".part"), lines);
            Files.move(unfinished, file(test.getSimpleName()), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the class of this simple name has ended in this run. */
    static boolean isWritten(String test) {
        return Files.exists(file(test));
    }

    static AccessRecord read() throws IOException {
        AccessRecord all = new AccessRecord(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".txt")).toList()) {
                Files.readAllLines(file).forEach(all::add);
            }
        }
        return all;
    }

    private void add(String line) {
        String[] words = line.split("\t", -1);
        Access access = new Access(words[1], words[2], words[3], words[4], words[5], words[6]);
        switch (words[0]) {
            case "allowed" -> allowed.add(access);
            case "refused" -> refused.add(access);
            default -> granted.add(access);
        }
    }

    private static String line(String kind, Access access) {
        return String.join(
                "\t",
                kind,
                access.user(),
                access.verb(),
                access.group(),
                access.resource(),
                access.namespace(),
                access.name());
    }

    private static Path file(String test) {
        return FOLDER.resolve(test + ".txt");
    }
}
