package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryTest {

    @TempDir
    private Path root;

    @Test
    void runsTheJarThatHasItsLibrariesInIt() throws IOException {
        Path target = Files.createDirectories(root.resolve("app-service/target"));
        Files.createFile(target.resolve("app-service-0.1.0-SNAPSHOT.jar"));
        Path exec = Files.createFile(target.resolve("app-service-0.1.0-SNAPSHOT-exec.jar"));

        assertThat(new Repository(root).jar(Service.APP)).isEqualTo(exec);
    }

    @Test
    void saysHowToMakeAJarThatIsNotThere() throws IOException {
        Path target = Files.createDirectories(root.resolve("app-service/target"));
        Files.createFile(target.resolve("app-service-0.1.0-SNAPSHOT.jar"));

        assertThatThrownBy(() -> new Repository(root).jar(Service.APP))
                .hasMessageContaining("app-service-*-exec.jar")
                .hasMessageContaining("./mvnw");
    }
}
