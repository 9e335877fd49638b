package io.millrace.gateway.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {

    @TempDir
    private Path folder;

    @Test
    void opensForTheKeyAndNothingElse() throws IOException {
        KeyFile key = new KeyFile(Files.writeString(folder.resolve("key"), "right\n"));

        assertThat(key.opens("right")).isTrue();
        assertThat(key.opens("wrong")).isFalse();
        assertThat(key.opens("")).isFalse();
    }

    @Test
    void takesAChangedKeyWhenItLooksAgain() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "old");
        KeyFile key = new KeyFile(file);
        Files.writeString(file, "new");

        assertThat(key.opens("old")).isTrue();
        key.reload();
        assertThat(key.opens("old")).isFalse();
        assertThat(key.opens("new")).isTrue();
    }

    @Test
    void opensForNobodyWithoutAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "right");
        KeyFile key = new KeyFile(file);
        Files.delete(file);
        key.reload();

        assertThat(key.opens("right")).isFalse();
        assertThat(new KeyFile(folder.resolve("none")).opens("")).isFalse();
    }

    @Test
    void keepsTheKeyWhileAnotherIsBeingWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "right");
        KeyFile key = new KeyFile(file);
        Files.writeString(file, " \n");
        key.reload();

        assertThat(key.opens("right")).isTrue();
        assertThat(key.opens("")).isFalse();
        assertThat(new KeyFile(file).opens("")).isFalse();
    }
}
