package io.millrace.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProblemTypeTest {

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
