package io.millrace.storefront.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one unfinished training of a folder. A stage is a file of its own, and a file is whole or not there:
 *
 * <pre>
 *   32 bytes    SHA-256 of what follows
 *   32 bytes    the key of the training
 *   the rest    what the stage left
 * </pre>
 *
 * A file that is damaged, or of a training with another key, makes the folder empty: what is left of a training is used as
 * a whole or not at all.
 */
public final class CheckpointFolder implements Checkpoints {

    private static final int HASH = 32;
    private static final String ENDING = ".stage";
    private static final String UNFINISHED = ".stage.tmp";

    private final Path folder;
    private final byte[] key;

    private CheckpointFolder(Path folder, byte[] key) {
        this.folder = folder;
        this.key = key;
    }

    /**
     * Opens the folder for a training, and empties it if what is there is of no use to it.
     *
     * @param key a hash of everything that decides what its stages leave
     * @return the checkpoints, and why what was there is of no use
     */
    public static Opened open(Path folder, byte[] key) {
        CheckpointFolder checkpoints = new CheckpointFolder(folder, key.clone());
        try {
            Files.createDirectories(folder);
            Optional<String> unusable = checkpoints.unusable();
            if (unusable.isPresent()) {
                checkpoints.clear();
            }
            return new Opened(checkpoints, unusable);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoints in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The folder as it was opened.
     *
     * @param unusable why what was there is gone, as a sentence's end; empty if it was of use, or nothing was there
     */
    public record Opened(CheckpointFolder checkpoints, Optional<String> unusable) {}

    private Optional<String> unusable() throws IOException {
        for (Path file : files()) {
            if (file.getFileName().toString().endsWith(ENDING)) {
                byte[] bytes = Files.readAllBytes(file);
                if (!isWhole(bytes)) {
                    return Optional.of("the checkpoint " + file.getFileName() + " is damaged");
                }
                if (!Arrays.equals(bytes, HASH, 2 * HASH, key, 0, HASH)) {
                    return Optional.of("the events, the features, the seed or the program are others");
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> find(String stage) {
        try {
            byte[] bytes = Files.readAllBytes(file(stage));
            return isWhole(bytes) ? Optional.of(Arrays.copyOfRange(bytes, 2 * HASH, bytes.length)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of " + stage + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void keep(String stage, byte[] left) {
        Path file = file(stage);
        Path unfinished = folder.resolve(name(stage) + UNFINISHED);
        byte[] hash = sha256(key, left);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            for (byte[] part : List.of(hash, key, left)) {
                ByteBuffer buffer = ByteBuffer.wrap(part);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
            channel.force(true);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of " + stage + " cannot be kept: " + e.getMessage(), e);
        }
    }

    /** Forgets all stages. */
    public void clear() throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ENDING)
                            || file.getFileName().toString().endsWith(UNFINISHED))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private Path file(String stage) {
        return folder.resolve(name(stage) + ENDING);
    }

    private static String name(String stage) {
        return stage.replaceAll("[^A-Za-z0-9]+", "-");
    }

    private static boolean isWhole(byte[] bytes) {
        return bytes.length >= 2 * HASH
                && Arrays.equals(bytes, 0, HASH, sha256(Arrays.copyOfRange(bytes, HASH, bytes.length)), 0, HASH);
    }

    private static byte[] sha256(byte[]... parts) {
        MessageDigest digest = TrainingKey.sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
