package io.millrace.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @Test
    void beginsWithWhatMadeIt(@TempDir Path folder) throws IOException {
        Report report = Report.of(folder.resolve("reports"), "commit 0123456789ab, 2 cores, JDK 25");

        Path page = report.write("faults", "Faults", "./millrace test --faults", "| part | answer |\n\n");
        Path data = report.writeJson("faults", "{\"parts\":[]}");

        assertThat(page).hasFileName("faults.md").hasContent("""
                # Faults

                Made by `./millrace test --faults` on commit 0123456789ab, 2 cores, JDK 25.

                | part | answer |
                """);
        assertThat(Files.readString(data)).isEqualTo("{\"parts\":[]}\n");
    }

    @Test
    void keepsToItsFolder(@TempDir Path folder) {
        assertThatThrownBy(() -> Report.of(folder, "").write("../faults", "Faults", "./millrace test", ""))
                .hasMessageContaining("../faults");
    }
}
