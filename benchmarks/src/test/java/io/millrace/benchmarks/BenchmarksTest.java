package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {

    @Test
    void listsWhatThereIs() {
        assertThat(Benchmarks.usage())
                .startsWith("usage: ./millrace bench NAME\n")
                .contains("\n  latency [CUSTOMER...]\n");
    }

    @Test
    void measuresTheMillraceOfTheEnvironment(@TempDir Path folder) throws Exception {
        Target target = Target.of(folder, Map.of("MILLRACE_PORT_BASE", "18080"));

        assertThat(target.gateway()).isEqualTo(URI.create("http://127.0.0.1:18080"));
        assertThat(target.state().root()).isEqualTo(folder.resolve(".millrace"));
        assertThatThrownBy(target::key).hasMessageContaining("./millrace up");
        Files.createDirectory(folder.resolve(".millrace"));
        Files.writeString(folder.resolve(".millrace/demo-key"), "key\n");
        assertThat(target.key()).isEqualTo("key");
    }
}
