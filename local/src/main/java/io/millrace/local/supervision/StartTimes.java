package io.millrace.local.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What it took each part to become ready, beside its process record. */
final class StartTimes {

    private static final String ENDING = ".ready";

    private final Path folder;

    StartTimes(StateFolder state) {
        this.folder = state.run();
    }

    /**
     * How a start went.
     *
     * @param wall from the start of the process until it was ready
     * @param cpu what the process, without its children, computed in that time
     */
    record StartTime(Duration wall, Duration cpu) {}

    /** Takes down that a part is ready now. */
    void ready(String part, ProcessHandle process, Instant now) throws IOException {
        ProcessHandle.Info info = process.info();
        long wall = info.startInstant()
                .map(start -> Duration.between(start, now).toMillis())
                .orElse(0L);
        long cpu = info.totalCpuDuration().map(Duration::toMillis).orElse(0L);
        Files.writeString(file(part), wall + " " + cpu + "\n");
    }

    /** How the last start of a part went; empty where it has not been ready yet. */
    Optional<StartTime> of(String part) throws IOException {
        if (Files.notExists(file(part))) {
            return Optional.empty();
        }
        String[] fields = Files.readString(file(part)).strip().split(" ");
        return fields.length == 2
                ? Optional.of(new StartTime(
                        Duration.ofMillis(Long.parseLong(fields[0])), Duration.ofMillis(Long.parseLong(fields[1]))))
                : Optional.empty(); // cut off by a full disk or a kill
    }

    private Path file(String part) {
        return folder.resolve(part + ENDING);
    }
}
