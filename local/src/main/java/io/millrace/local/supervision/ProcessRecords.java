package io.millrace.local.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Files that say which process is which part, so that a later launcher finds what an earlier one left.
 *
 * <p>A process counts as the recorded one only if it has the recorded id <em>and</em> began when that one did: ids are
 * used again.
 */
public final class ProcessRecords {

    /** The clock that the kernel counts a start from may be set while a process runs. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final String ENDING = ".pid";

    private final Path folder;

    public ProcessRecords(Path folder) {
        this.folder = folder;
    }

    /** A recorded process that is alive. */
    public record Recorded(String part, ProcessHandle process) {}

    void add(String part, ProcessHandle process) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(part + ENDING), process.pid() + " " + startOf(process) + "\n");
    }

    void remove(String part) throws IOException {
        Files.deleteIfExists(folder.resolve(part + ENDING));
    }

    /** The process that was recorded as this part, if it still runs. */
    public Optional<ProcessHandle> find(String part) throws IOException {
        Path file = folder.resolve(part + ENDING);
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        String[] fields = Files.readString(file).strip().split(" ");
        if (fields.length != 2) {
            return Optional.empty(); // cut off by a full disk or a kill
        }
        long start = Long.parseLong(fields[1]);
        return ProcessHandle.of(Long.parseLong(fields[0]))
                .filter(process -> Math.abs(startOf(process) - start) <= TOLERANCE.toMillis())
                .filter(ProcessRecords::isAlive);
    }

    /** All recorded processes that still run. */
    public List<Recorded> alive() throws IOException {
        var alive = new ArrayList<Recorded>();
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(ENDING)) {
                        String part = name.substring(0, name.length() - ENDING.length());
                        find(part).ifPresent(process -> alive.add(new Recorded(part, process)));
                    }
                }
            }
        }
        return alive;
    }

    /** Whether the process runs. One that has ended and waits for its parent to look is not running. */
    public static boolean isAlive(ProcessHandle process) {
        return process.isAlive() && !isZombie(process.pid());
    }

    /** Asks a process to end, and makes it after {@code patience}. */
    public static void end(ProcessHandle process, Duration patience) {
        process.destroy();
        if (!hasEnded(process, patience)) {
            process.destroyForcibly();
            hasEnded(process, Duration.ofSeconds(5));
        }
    }

    /** Waits for the end of a process that need not be a child of this one. */
    public static boolean hasEnded(ProcessHandle process, Duration patience) {
        Instant until = Instant.now().plus(patience);
        while (isAlive(process)) {
            if (Instant.now().isAfter(until)) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return true;
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return false; // no /proc on this system, or gone meanwhile, which isAlive sees
        }
    }
}
