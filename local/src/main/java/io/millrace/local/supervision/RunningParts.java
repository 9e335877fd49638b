package io.millrace.local.supervision;

import io.millrace.local.infra.OwnSession;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** The processes of one run of {@code up}: what was started last ends first. Safe for use by many threads. */
public final class RunningParts {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Not sooner: while everything starts, each look takes its time from what it looks at. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    private final StateFolder state;
    private final ProcessRecords records;
    private final HeldParts held;
    private final StartTimes times;
    private final List<Running> parts = new ArrayList<>();
    private final Lock oneStopAtATime = new ReentrantLock();
    private boolean stopping;

    /** None yet; for programs that run beside parts which somebody else has started, this is all there is. */
    public RunningParts(StateFolder state) {
        this.state = state;
        this.records = new ProcessRecords(state.run());
        this.held = new HeldParts(state);
        this.times = new StartTimes(state);
    }

    /** In this order parts are started; in the other one they end. */
    enum Stage {
        INFRASTRUCTURE,
        BACKENDS,
        APP,
        GATEWAY,
        /** What ends by itself. */
        PROGRAM
    }

    /** Ends a process in its own way. */
    interface Ending {
        void end() throws IOException;
    }

    private record Running(String part, Stage stage, ProcessHandle process, Ending ending) {}

    /** Starts a process in a session of its own, its output in the part's log; the log of the run before is kept. */
    Process start(String part, Stage stage, List<String> command, Map<String, String> environment) throws PartFailed {
        Redirect log = Redirect.appendTo(newLog(part).toFile());
        return start(part, stage, command, environment, log, log);
    }

    /**
     * Starts a program that is expected to end by itself. What it reports, on its standard output, is for the caller to
     * read; what it logs, on its standard error, goes to {@code log}.
     */
    public Process startProgram(String part, List<String> command, Map<String, String> environment, Path log)
            throws PartFailed {
        return start(part, Stage.PROGRAM, command, environment, Redirect.PIPE, Redirect.appendTo(log.toFile()));
    }

    private synchronized Process start(
            String part,
            Stage stage,
            List<String> command,
            Map<String, String> environment,
            Redirect output,
            Redirect errors)
            throws PartFailed {
        refuseWhenStopping(part);
        var builder = new ProcessBuilder(OwnSession.of(command))
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output)
                .redirectError(errors);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            ProcessHandle handle = process.toHandle();
            parts.add(new Running(part, stage, handle, () -> {
                handle.descendants().forEach(ProcessHandle::destroy);
                ProcessRecords.end(handle, PATIENCE);
            }));
            records.add(part, handle);
            return process;
        } catch (IOException e) {
            throw new PartFailed(part, part + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Takes on a process that somebody else started. */
    synchronized void add(String part, Stage stage, ProcessHandle process, Ending ending)
            throws IOException, PartFailed {
        parts.add(new Running(part, stage, process, ending));
        records.add(part, process);
        if (stopping) {
            ending.end();
            refuseWhenStopping(part);
        }
    }

    /** Forgets a program that has ended as it should. */
    public synchronized void remove(String part) throws IOException {
        parts.removeIf(each -> each.part().equals(part));
        records.remove(part);
    }

    /** An empty log for a part; the one before is kept beside it. */
    public Path newLog(String part) throws PartFailed {
        Path log = state.log(part);
        try {
            Files.createDirectories(log.getParent());
            if (Files.exists(log)) {
                Files.move(log, log.resolveSibling(part + ".previous.log"), StandardCopyOption.REPLACE_EXISTING);
            }
            return Files.createFile(log);
        } catch (IOException e) {
            throw new PartFailed(part, "The log of " + part + " cannot be written: " + e, e);
        }
    }

    /** Waits until something holds, for as long as every part runs. */
    public void await(String part, String what, Duration atMost, Condition condition)
            throws PartFailed, InterruptedException {
        Instant until = Instant.now().plus(atMost);
        while (!condition.holds()) {
            demandAllAlive();
            if (Instant.now().isAfter(until)) {
                throw new PartFailed(part, part + ": " + what + " took longer than " + atMost.toSeconds() + " s.");
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** Takes down that a part is ready, for {@code ./millrace status}. */
    synchronized void ready(String part) throws IOException {
        for (Running each : parts) {
            if (each.part().equals(part)) {
                times.ready(part, each.process(), Instant.now());
            }
        }
    }

    /** Something that becomes true. */
    public interface Condition {
        boolean holds() throws InterruptedException;
    }

    /**
     * Ends parts that are to rest, and starts them again when they no longer are. Returns when a part has ended by itself,
     * with the part as the failure.
     *
     * @param starts of the parts that may rest, by name
     */
    void watch(Map<String, Concurrently.Start> starts, Progress progress) throws PartFailed, InterruptedException {
        while (true) {
            demandAllAlive();
            for (Running each : toRest()) {
                end(each, progress);
            }
            for (var start : starts.entrySet()) {
                if (!isKnown(start.getKey()) && held.of(start.getKey()).isEmpty()) {
                    start.getValue().run();
                }
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private synchronized List<Running> toRest() {
        List<Running> resting =
                parts.stream().filter(each -> held.of(each.part()).isPresent()).toList();
        parts.removeAll(resting);
        return resting;
    }

    private synchronized boolean isKnown(String part) {
        return parts.stream().anyMatch(each -> each.part().equals(part));
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    /** Ends all parts, the last stage first, the parts of one stage together. A second call waits for the first. */
    void stop(Progress progress) {
        oneStopAtATime.lock();
        try {
            for (List<Running> stage : takeAll().values()) {
                try (var together = Executors.newVirtualThreadPerTaskExecutor()) {
                    stage.forEach(each -> together.execute(() -> end(each, progress)));
                }
            }
        } finally {
            oneStopAtATime.unlock();
        }
    }

    private synchronized SortedMap<Stage, List<Running>> takeAll() {
        var stages = new TreeMap<Stage, List<Running>>(Comparator.reverseOrder());
        stopping = true;
        for (Running each : parts) {
            stages.computeIfAbsent(each.stage(), _ -> new ArrayList<>()).add(each);
        }
        parts.clear();
        return stages;
    }

    private void end(Running part, Progress progress) {
        try {
            if (held.of(part.part()).filter(HeldParts.Manner.KILLED::equals).isPresent()) {
                part.process().destroyForcibly();
                ProcessRecords.hasEnded(part.process(), PATIENCE);
            }
            part.ending().end(); // also after a kill: it may hold a lock of its own
            records.remove(part.part());
            progress.show(part.part(), PartState.STOPPED, "");
        } catch (IOException e) {
            part.process().destroyForcibly();
            progress.show(part.part(), PartState.STOPPED, "killed: " + e.getMessage());
        }
    }

    private synchronized void demandAllAlive() throws PartFailed {
        refuseWhenStopping("up");
        Optional<Running> dead = parts.stream()
                .filter(each -> each.stage() != Stage.PROGRAM)
                .filter(each -> held.of(each.part()).isEmpty())
                .filter(each -> !ProcessRecords.isAlive(each.process()))
                .findFirst();
        if (dead.isPresent()) {
            throw new PartFailed(dead.get().part(), dead.get().part() + " has ended by itself.");
        }
    }

    private synchronized void refuseWhenStopping(String part) throws PartFailed {
        if (stopping) {
            throw new PartFailed(part, "Millrace is being stopped.");
        }
    }
}
