package io.millrace.starter.rehearsal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Loads the classes that a run of the same program has needed, as the JVM logs them ({@code -Xlog:class+load}). A program that
 * ends as soon as it is wired has met no request, no message and no peer; a start cache made of it would lack half the classes.
 */
final class RehearsedClasses implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(RehearsedClasses.class);
    private static final String SOURCE = " source: ";

    private final Path log;
    private final ClassLoader classes;

    RehearsedClasses(Path log, ClassLoader classes) {
        this.log = log;
        this.classes = classes;
    }

    @Override
    public void afterSingletonsInstantiated() {
        try (Stream<String> lines = Files.lines(log)) {
            long loaded = lines.filter(line -> line.contains(SOURCE))
                    .map(line -> line.substring(0, line.indexOf(SOURCE)))
                    .filter(this::isLoaded)
                    .count();
            LOG.info("Loaded {} classes that {} names", loaded, log);
        } catch (IOException e) {
            throw new UncheckedIOException("what the other run has loaded cannot be read: " + e.getMessage(), e);
        }
    }

    /** Whether there is such a class; what a run has made itself, proxies and lambdas, is not to be found. */
    private boolean isLoaded(String name) {
        try {
            Class.forName(name, false, classes);
            return true;
        } catch (ClassNotFoundException | LinkageError _) {
            return false;
        }
    }
}
