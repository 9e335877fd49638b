package io.millrace.storefront.publication;

import io.millrace.storefront.training.Model;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder that the inference service watches.
 *
 * <pre>
 *   name/model.yaml                  of the newest version
 *   name/version/model.onnx
 *   name/version/model.yaml          of this version
 *   name/version/manifest.json       sha256 of the model
 * </pre>
 *
 * A version is written as {@code version.tmp} and renamed when it is safe on disk, so that a reader never sees half of it.
 */
public final class ModelRepository {

    private final Path root;
    private final JsonMapper json = new JsonMapper();

    public ModelRepository(Path root) {
        this.root = root;
    }

    /** A number that none of these models has had, above all that they have. */
    public long nextVersion(List<String> models) throws IOException {
        long newest = 0;
        for (String model : models) {
            try (Stream<Path> folders = Files.list(root.resolve(model))) {
                newest = Math.max(
                        newest,
                        folders.map(folder -> folder.getFileName().toString())
                                .filter(name -> name.matches("[0-9]{1,18}"))
                                .mapToLong(Long::parseLong)
                                .max()
                                .orElse(0));
            } catch (NoSuchFileException e) {
                // the model's first version
            }
        }
        return newest + 1;
    }

    /**
     * Publishes a version.
     *
     * @param beside further files for people, by name
     */
    public void publish(Model model, long version, Map<String, byte[]> beside, Instant now) throws IOException {
        Path folder = Files.createDirectories(root.resolve(model.name()));
        Path unfinished = folder.resolve(version + ".tmp");
        delete(unfinished);
        Files.createDirectory(unfinished);
        Map<String, byte[]> files = new LinkedHashMap<>(beside);
        files.put("model.onnx", model.onnx());
        files.put("model.yaml", model.description());
        files.put("manifest.json", manifest(model.onnx(), now));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            write(unfinished.resolve(file.getKey()), file.getValue());
        }
        sync(unfinished);
        write(folder.resolve("model.yaml.tmp"), model.description());
        Files.move(
                folder.resolve("model.yaml.tmp"),
                folder.resolve("model.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        Files.move(unfinished, folder.resolve(Long.toString(version)), StandardCopyOption.ATOMIC_MOVE);
        sync(folder);
    }

    private byte[] manifest(byte[] onnx, Instant now) {
        return json.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(Map.of("sha256", Map.of("model.onnx", sha256(onnx)), "created", now.toString()));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        sync(file);
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
