package io.millrace.app.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.records.RecordLog.Full;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordLogTest {

    private static final int ALL = 1 << 20;

    @TempDir
    Path folder;

    @Test
    void givesRecordsInTheirOrderUntilTheyAreDone() throws IOException {
        try (RecordLog log = open(Full.DROP_OLDEST)) {
            append(log, "a", "bb", "ccc");

            RecordLog.Batch first = log.read(3);
            assertThat(texts(first)).containsExactly("a", "bb");
            assertThat(texts(log.read(3))).containsExactly("a", "bb");
            log.done(first);
            assertThat(texts(log.read(ALL))).containsExactly("ccc");
            assertThat(log.waitingBytes()).isEqualTo(8 + 3);
            log.done(log.read(ALL));
            assertThat(log.read(ALL).records()).isEmpty();
            assertThat(log.waitingBytes()).isZero();
        }
    }

    @Test
    void hasAfterAKillWhatWasAppendedAndNotDone() throws IOException {
        RecordLog killed = open(Full.DROP_OLDEST); // never closed
        append(killed, numbers(0, 20));
        killed.done(killed.read(5));

        try (RecordLog log = open(Full.DROP_OLDEST)) {
            assertThat(drained(log)).containsExactly(numbers(2, 20));
            append(log, "later");
        }
        try (RecordLog log = open(Full.DROP_OLDEST)) {
            assertThat(drained(log)).containsExactly("later");
        }
    }

    @Test
    void cutsOffARecordThatAKillHasTorn() throws IOException {
        try (RecordLog log = open(Full.DROP_OLDEST)) {
            append(log, "whole", "torn");
        }
        Path file = files().getFirst();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) - 1);
        }

        try (RecordLog log = open(Full.DROP_OLDEST)) {
            assertThat(log.damaged()).isEqualTo(1);
            append(log, "next");
            assertThat(drained(log)).containsExactly("whole", "next");
        }
    }

    @Test
    void givesUpWhatFollowsADamagedRecordInItsFileAndNoMore() throws IOException {
        try (RecordLog log = open(Full.DROP_OLDEST)) {
            append(log, numbers(0, 20)); // 10 bytes each, a new file at 60
        }
        assertThat(files()).hasSizeGreaterThan(2);
        try (FileChannel channel = FileChannel.open(files().getFirst(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'x'}), 2 * 10 + 9);
        }

        try (RecordLog log = open(Full.DROP_OLDEST)) {
            assertThat(drained(log)).startsWith("00", "01", "06").endsWith("19");
        }
    }

    @Test
    void readsAgainWhereItIsNotKnownWhatIsDone() throws IOException {
        try (RecordLog log = open(Full.DROP_OLDEST)) {
            append(log, "a", "b");
            log.done(log.read(1));
        }
        Files.write(folder.resolve("done"), new byte[24]);

        try (RecordLog log = open(Full.DROP_OLDEST)) {
            assertThat(drained(log)).containsExactly("a", "b");
        }
    }

    @Test
    void dropsTheOldestFileOrTheNewestRecordWhenItIsFull() throws IOException {
        try (RecordLog log = open(Full.DROP_OLDEST)) {
            long dropped = append(log, numbers(0, 40));
            List<String> kept = drained(log);

            assertThat(kept).endsWith("38", "39").hasSize(40 - (int) dropped);
            assertThat(dropped).isBetween(16L, 24L);
        }
        try (RecordLog log =
                RecordLog.open(Files.createDirectory(folder.resolve("newest")), 60, 240, Full.DROP_NEWEST)) {
            long dropped = append(log, numbers(0, 40));

            assertThat(dropped).isEqualTo(16);
            assertThat(drained(log)).containsExactly(numbers(0, 24));
        }
    }

    @Test
    void deletesFilesThatAreDone() throws IOException {
        try (RecordLog log = open(Full.DROP_OLDEST)) {
            for (int round = 0; round < 10; round++) {
                append(log, numbers(0, 20));
                drained(log);
            }
            assertThat(files()).hasSize(1);
        }
    }

    @Test
    void takesNoRecordThatCouldNeverFit() throws IOException {
        try (RecordLog log = open(Full.DROP_OLDEST)) {
            append(log, "a");

            assertThat(log.append(new byte[300])).isEqualTo(1);
            assertThat(drained(log)).containsExactly("a");
        }
    }

    private RecordLog open(Full full) throws IOException {
        return RecordLog.open(folder, 60, 240, full);
    }

    private static long append(RecordLog log, String... records) throws IOException {
        long dropped = 0;
        for (String record : records) {
            dropped += log.append(record.getBytes(UTF_8));
        }
        return dropped;
    }

    private static String[] numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj("%02d"::formatted).toArray(String[]::new);
    }

    private static List<String> drained(RecordLog log) throws IOException {
        List<String> all = new ArrayList<>();
        for (RecordLog.Batch batch = log.read(7); !batch.records().isEmpty(); batch = log.read(7)) {
            all.addAll(texts(batch));
            log.done(batch);
        }
        return all;
    }

    private static List<String> texts(RecordLog.Batch batch) {
        return batch.records().stream().map(bytes -> new String(bytes, UTF_8)).toList();
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }
}
