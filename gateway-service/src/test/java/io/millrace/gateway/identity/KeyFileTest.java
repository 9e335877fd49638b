package io.millrace.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @TempDir
    private Path folder;

    @Test
    void opensForTheKeyAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "right\n");
        KeyFile key = new KeyFile(file, Duration.ofSeconds(1), 0);

        assertThat(key.opens("right", 1)).isTrue();
        assertThat(key.opens("wrong", 1)).isFalse();
        assertThat(key.opens("", 1)).isFalse();
    }

    @Test
    void takesAChangedKeyAfterTheReloadTime() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "old");
        KeyFile key = new KeyFile(file, Duration.ofSeconds(1), 0);
        Files.writeString(file, "new");

        assertThat(key.opens("old", SECOND - 1)).isTrue();
        assertThat(key.opens("old", SECOND)).isFalse();
        assertThat(key.opens("new", SECOND)).isTrue();
    }

    @Test
    void opensForNobodyWithoutAFileOrWithAnEmptyOne() throws IOException {
        KeyFile missing = new KeyFile(folder.resolve("none"), Duration.ofSeconds(1), 0);
        assertThat(missing.opens("", 1)).isFalse();

        KeyFile empty = new KeyFile(Files.writeString(folder.resolve("key"), " \n"), Duration.ofSeconds(1), 0);
        assertThat(empty.opens("", 1)).isFalse();
    }
}
