package io.millrace.storefront.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The training of a folder that was not finished, if there is one: it goes on with the events it began with. Nobody else
 * trains in the folder as long as this is open.
 */
public final class UnfinishedTraining implements AutoCloseable {

    /** What is older would publish a model of yesterday. */
    private static final Duration OLDEST = Duration.ofDays(1);

    private final Path folder;
    private final FileChannel lock;
    private final Consumer<String> progress;
    private @Nullable CheckpointFolder checkpoints;

    private UnfinishedTraining(Path folder, FileChannel lock, Consumer<String> progress) {
        this.folder = folder;
        this.lock = lock;
        this.progress = progress;
    }

    /**
     * Takes the folder.
     *
     * @throws IllegalStateException if another process trains in it
     */
    public static UnfinishedTraining in(Path folder, Consumer<String> progress) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new UnfinishedTraining(folder, channel, progress);
            }
        } catch (OverlappingFileLockException e) {
            // this process has it already
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IllegalStateException("another training is running: it holds " + file);
    }

    /** Reads what there is to learn from, up to the given offsets, and adds all that decides the models to a key. */
    public interface Reading<T> {
        T read(Map<Integer, Long> ends, TrainingKey key);
    }

    /**
     * What to learn from: what the unfinished training learns from if its stages are of use, else all that there is now.
     *
     * @param now where the events end
     */
    public <T> T input(Instant time, Supplier<Map<Integer, Long>> now, Reading<T> reading) throws IOException {
        Optional<TrainingInput> left = TrainingInput.read(folder);
        if (left.isPresent() && left.get().began().isBefore(time.minus(OLDEST))) {
            progress.accept("starting over: the training that was cut off began at "
                    + left.get().began());
            left = Optional.empty();
        }
        if (left.isPresent()) {
            TrainingKey key = new TrainingKey();
            T input = reading.read(left.get().ends(), key);
            CheckpointFolder.Opened opened = CheckpointFolder.open(folder, key.toBytes());
            if (opened.unusable().isEmpty()) {
                checkpoints = opened.checkpoints();
                return input;
            }
            progress.accept("starting over: " + opened.unusable().get());
        }
        TrainingInput all = new TrainingInput(time, now.get());
        TrainingKey key = new TrainingKey();
        T input = reading.read(all.ends(), key);
        checkpoints = CheckpointFolder.open(folder, key.toBytes()).checkpoints();
        all.write(folder);
        return input;
    }

    /** The stages that are finished; there once the input is. */
    public Checkpoints checkpoints() {
        if (checkpoints == null) {
            throw new IllegalStateException("what to learn from was not read yet");
        }
        return checkpoints;
    }

    /** Forgets it: its models are published. */
    public void finish() throws IOException {
        if (checkpoints != null) {
            checkpoints.clear();
        }
        TrainingInput.delete(folder);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
