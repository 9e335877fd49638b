package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProblemTypeTest {

    private static final Path ROOT = Path.of("../..");

    /** A bug cannot be provoked from outside; the starter's ProblemAdviceTest makes one on purpose. */
    private static final Set<String> NOT_FROM_OUTSIDE = Set.of("INTERNAL");

    private static final Pattern PROVOKES = Pattern.compile("@Provokes\\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("\\b[A-Z][A-Z_]+\\b");

    @Test
    void isProvokedOverHttpByATest() throws IOException {
        Set<String> provoked = new TreeSet<>();
        for (Path source : testSources()) {
            PROVOKES.matcher(Files.readString(source))
                    .results()
                    .flatMap(annotation -> NAME.matcher(annotation.group(1)).results())
                    .forEach(name -> provoked.add(name.group()));
        }

        assertThat(Arrays.stream(ProblemType.values()).map(Enum::name))
                .allSatisfy(name -> assertThat(NOT_FROM_OUTSIDE.contains(name) || provoked.contains(name))
                        .as("annotate with @Provokes a test that provokes " + name + " over HTTP")
                        .isTrue());
    }

    private static List<Path> testSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.walk(ROOT, 2)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    @Test
    void isExplainedInTheDocuments() throws IOException {
        assertThat(Files.readAllLines(Path.of("../../docs/problems.md")).stream()
                        .filter(line -> line.startsWith("| `/problems/"))
                        .map(line -> line.split("\\|", -1))
                        .map(cells -> cells[1].strip().replace("`", "") + " " + cells[2].strip()))
                .containsExactlyElementsOf(Arrays.stream(ProblemType.values())
                        .map(type -> type.path() + " " + type.status())
                        .toList());
    }
}
