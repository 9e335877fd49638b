package io.millrace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a long test or a test of faults found, kept in {@code docs/reports/} together with the commit that it ran on.
 *
 * <p>The page begins with its title and one line about the run; the rest is the test's own Markdown. A report says what
 * was measured, so it is written anew by every run that comes to its end.
 */
public final class Report {

    private final Path folder;
    private final String run;

    private Report(Path folder, String run) {
        this.folder = folder;
        this.run = run;
    }

    /** A report of this working copy. */
    public static Report ofThisCommit() {
        Path root = root(Path.of("").toAbsolutePath());
        return new Report(
                root.resolve("docs/reports"),
                "%s, %d cores, JDK %s"
                        .formatted(commit(root), Runtime.getRuntime().availableProcessors(), Runtime.version()));
    }

    static Report of(Path folder, String run) {
        return new Report(folder, run);
    }

    /**
     * Writes {@code docs/reports/<name>.md}.
     *
     * @param name of lower-case letters, digits and hyphens
     * @param command the line that makes this report again
     * @param body Markdown, without the title
     * @return the file
     */
    public Path write(String name, String title, String command, String body) {
        if (!name.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("not a name for a report: " + name);
        }
        return file(name + ".md", "# %s\n\nMade by `%s` on %s.\n\n%s\n".formatted(title, command, run, body.strip()));
    }

    /** Writes {@code docs/reports/<name>.json} beside the page, for programs that compare runs. */
    public Path writeJson(String name, String json) {
        return file(name + ".json", json.strip() + "\n");
    }

    private Path file(String name, String content) {
        try {
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder above that has the Maven wrapper: tests run in the folder of their module. */
    private static Path root(Path start) {
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not in a working copy of Millrace: " + start);
    }

    private static String commit(Path root) {
        String commit = git(root, "rev-parse", "--short=12", "HEAD");
        if (commit.isEmpty()) {
            return "an unknown commit";
        }
        boolean changed =
                !git(root, "status", "--porcelain", "--", ".", ":!docs/reports").isEmpty();
        return "commit " + commit + (changed ? " with changes" : "");
    }

    private static String git(Path root, String... arguments) {
        var command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? said : "";
        } catch (IOException _) {
            return ""; // no git: a report without a commit is better than none
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
