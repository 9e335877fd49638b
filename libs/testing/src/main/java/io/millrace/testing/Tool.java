package io.millrace.testing;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A program outside the build that some tests use and no build may demand; {@link Needs} names it.
 *
 * <p>It is looked for under its usual names on the PATH. {@code -Dmillrace.node=FILE}, and so on for the others, says
 * where it is instead.
 */
public enum Tool {
    NODE("node", "nodejs"),
    CHROMIUM("chromium", "chromium-browser", "google-chrome", "chrome"),
    PROMETHEUS("prometheus"),
    PROMTOOL("promtool"),
    KUBECTL("kubectl"),
    CURL("curl"),
    /** The command, and a daemon that answers it. */
    DOCKER("docker") {
        @Override
        boolean works(Path program) {
            return succeeds(program.toString(), "info");
        }
    };

    private static final int PATIENCE_SECONDS = 10;

    private final List<String> programs;

    Tool(String... programs) {
        this.programs = List.of(programs);
    }

    /** Where the program is; empty where it is not, or does not work. */
    public Optional<Path> find() {
        return find(System.getProperty("millrace." + this), System.getenv().getOrDefault("PATH", ""));
    }

    /**
     * Looks for it.
     *
     * @param configured the file that it must be; null where the path decides
     * @param path folders, as in PATH
     */
    Optional<Path> find(@Nullable String configured, String path) {
        Stream<Path> places = configured != null
                ? Stream.of(Path.of(configured))
                : Arrays.stream(path.split(File.pathSeparator))
                        .flatMap(folder -> programs.stream().map(program -> Path.of(folder, program)));
        return places.filter(Files::isExecutable)
                .filter(file -> !Files.isDirectory(file))
                .findFirst()
                .filter(this::works);
    }

    boolean works(Path program) {
        return true;
    }

    /** Its name on the command line, in {@code -Dmillrace.require=…} and in what is reported: {@code node}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
