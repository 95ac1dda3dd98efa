// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.startup;

import dev.wsroute.e2e.cluster.ClassArchive;
import dev.wsroute.e2e.cluster.DevImages;
import dev.wsroute.e2e.dev.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Runs operator, proxy and echo server once before the first integration test to store their classes in a
 * {@link ClassArchive}. The suite starts about a hundred of these processes. Loading their classes took a quarter of its
 * CPU time.
 */
public final class ClassArchiving implements LauncherSessionListener {

    /** Set by the build for integration tests only. */
    private static final String ENABLED = "wsroute.archiveClasses";

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (!Boolean.getBoolean(ENABLED)) {
            return;
        }
        Path root = Repository.locate().root();
        try {
            archive(root.resolve("proxy-runtime/target/wsroute-proxy.jar"), TrainingRun::proxy);
            archive(root.resolve("operator/target/wsroute-operator.jar"), TrainingRun::operator);
            if (Files.isRegularFile(DevImages.echoJar())) {
                archive(DevImages.echoJar(), TrainingRun::echo);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot archive the classes of the programs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A run of a program that writes an archive when it ends. */
    @FunctionalInterface
    private interface Run {

        void of(Path jar, Path archive) throws IOException, InterruptedException;
    }

    private static void archive(Path jar, Run run) throws IOException, InterruptedException {
        ClassArchive archive = new ClassArchive(jar);
        Path lockFile = jar.resolveSibling(jar.getFileName() + ".lock");
        // Several test processes start at the same time.
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !archive.isCurrent()) {
                Path written = jar.resolveSibling(jar.getFileName() + ".jsa.tmp");
                Files.deleteIfExists(written);
                run.of(jar, written);
                Files.move(written, archive.file(), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
