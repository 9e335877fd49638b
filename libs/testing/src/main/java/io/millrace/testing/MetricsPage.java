package io.millrace.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page that explains the meters, {@code docs/metrics.md}, as a service's test compares it with its own. */
public final class MetricsPage {

    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (.+) \\|");

    private MetricsPage() {}

    /**
     * The rows of one service as {@code name: description}, in the page's order.
     *
     * @param prefix what the service's meters begin with, {@code millrace.app.} for example
     */
    public static List<String> rows(String prefix) {
        try (var lines = Files.lines(Path.of("../docs/metrics.md"))) {
            return lines.map(ROW::matcher)
                    .filter(Matcher::matches)
                    .filter(row -> row.group(1).startsWith(prefix))
                    .map(row -> row.group(1) + ": " + row.group(2))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
