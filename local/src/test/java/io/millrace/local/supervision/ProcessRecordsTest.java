package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRecordsTest {

    @TempDir
    private Path folder;

    private Process sleep;

    @BeforeEach
    void startAProcess() throws Exception {
        sleep = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void endIt() {
        sleep.destroyForcibly();
    }

    @Test
    void aRecordedProcessIsFoundByALaterLauncher() throws Exception {
        new ProcessRecords(folder).add("kafka", sleep.toHandle());

        assertThat(new ProcessRecords(folder).find("kafka")).contains(sleep.toHandle());
        assertThat(new ProcessRecords(folder).alive())
                .containsExactly(new ProcessRecords.Recorded("kafka", sleep.toHandle()));
    }

    @Test
    void anotherProcessThatHasGotTheSameIdIsNotTheRecordedOne() throws Exception {
        long start = sleep.info().startInstant().orElseThrow().toEpochMilli();
        Files.writeString(folder.resolve("kafka.pid"), sleep.pid() + " " + (start - 60_000));

        assertThat(new ProcessRecords(folder).find("kafka")).isEmpty();
    }

    @Test
    void aProcessThatHasEndedIsNotFound() throws Exception {
        var records = new ProcessRecords(folder);
        records.add("kafka", sleep.toHandle());

        ProcessRecords.end(sleep.toHandle(), Duration.ofSeconds(10));

        assertThat(records.find("kafka")).isEmpty();
        assertThat(sleep.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void aProcessThatDoesNotListenIsKilled() throws Exception {
        Process stubborn = new ProcessBuilder("sh", "-c", "trap '' TERM; echo deaf; read nothing").start();
        assertThat(stubborn.inputReader().readLine()).isEqualTo("deaf");

        ProcessRecords.end(stubborn.toHandle(), Duration.ofMillis(200));

        assertThat(stubborn.waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void aRecordThatWasCutOffIsNoProcess() throws Exception {
        Files.writeString(folder.resolve("kafka.pid"), Long.toString(sleep.pid()));

        assertThat(new ProcessRecords(folder).find("kafka")).isEmpty();
    }
}
