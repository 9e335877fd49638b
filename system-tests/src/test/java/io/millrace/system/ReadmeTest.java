package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern SOURCE = Pattern.compile("`([a-z]+/[A-Z][A-Za-z]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^):]+)\\)");

    @Test
    void sendsNobodyToAFileThatIsNotThere() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));

        assertThat(LINK.matcher(readme).results().map(link -> link.group(1)))
                .isNotEmpty()
                .allMatch(link -> Files.exists(ROOT.resolve(link.replaceFirst("#.*", ""))));
        List<String> sources = sources();
        assertThat(SOURCE.matcher(readme).results().map(MatchResult::group).map(name -> name.replace("`", "")))
                .isNotEmpty()
                .allMatch(name -> sources.stream().anyMatch(source -> source.endsWith("/" + name + ".java")));
    }

    @Test
    void marksACommandThatATestCannotRunWithItsReason() {
        assertThat(ReadmeCommands.read(ROOT.resolve("README.md")).blocks())
                .filteredOn(block -> !block.runs())
                .hasSizeLessThanOrEqualTo(2)
                .allMatch(block -> block.mark().length() > "not run, ".length());
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 12)) {
            return files.map(Path::toString)
                    .filter(file -> file.contains("/src/main/java/") && file.endsWith(".java"))
                    .toList();
        }
    }
}
