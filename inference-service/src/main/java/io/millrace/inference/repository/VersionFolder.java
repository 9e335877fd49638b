package io.millrace.inference.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.RefusedModelException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of one model version: the model in {@code <model>/<version>}, {@code manifest.json}, and a {@code model.yaml}
 * there or, for all versions, in the model's own folder.
 */
record VersionFolder(Path folder) {

    private static final String MANIFEST = "manifest.json";
    private static final String DEFINITION = "model.yaml";
    private static final int MOST_BYTES_OF_TEXT = 1 << 20;

    // A trainer may say more in its manifest: when, from what, how good.
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private record Manifest(@Nullable Map<String, String> sha256) {}

    /** Changes when one of the files does, as far as sizes and times tell. */
    String fingerprint() {
        StringBuilder all = new StringBuilder();
        List<Path> files = new ArrayList<>(List.of(folder.resolve(MANIFEST), definitionFile()));
        for (ModelFormat format : ModelFormat.values()) {
            files.add(folder.resolve(format.file()));
        }
        for (Path file : files) {
            try {
                all.append(file)
                        .append(' ')
                        .append(Files.size(file))
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append('\n');
            } catch (IOException _) {
                all.append(file).append(" unreadable\n");
            }
        }
        return all.toString();
    }

    ModelDefinition definition() throws RefusedModelException {
        return ModelYaml.parse(new String(read(definitionFile()), UTF_8));
    }

    /** @param otherwise the versions that are loaded where nothing is said */
    Lifecycle lifecycle(VersionPolicy otherwise) throws RefusedModelException {
        return ModelYaml.lifecycle(new String(read(definitionFile()), UTF_8), otherwise);
    }

    /**
     * Reads the model file into memory outside the heap, checks it against the manifest, and makes it what the engine reads.
     *
     * @param arena frees the bytes
     */
    ByteBuffer verifiedModel(ModelDefinition definition, Arena arena) throws RefusedModelException {
        ModelFormat format = ModelFormat.of(definition.platform()).orElseThrow();
        String file = format.file();
        Map<String, String> expected = sha256();
        String hash = expected.get(file);
        if (hash == null) {
            throw new RefusedModelException("manifest.json: sha256 has no entry for " + file);
        }
        for (Map.Entry<String, String> other : expected.entrySet()) {
            if (!other.getKey().equals(file)) {
                requireHash(other, read(inFolder(other.getKey()), arena));
            }
        }
        ByteBuffer model = read(folder.resolve(file), arena);
        requireHash(Map.entry(file, hash), model);
        if (format == ModelFormat.TORCHSCRIPT) {
            TorchScriptArchive.check(model);
        }
        return switch (format) {
            case ONNX, TORCHSCRIPT -> model;
            case XGBOOST -> onnx(model, definition, arena);
        };
    }

    private static ByteBuffer onnx(ByteBuffer json, ModelDefinition definition, Arena arena)
            throws RefusedModelException {
        byte[] bytes = new byte[json.remaining()];
        json.duplicate().get(bytes);
        byte[] onnx = XgboostTrees.toOnnx(bytes, definition);
        return arena.allocate(onnx.length).asByteBuffer().put(onnx).flip();
    }

    /** The rows that the description names, which the manifest must name too; {@code null} if there are none. */
    @Nullable
    Samples samples(Lifecycle lifecycle) throws RefusedModelException {
        String name = lifecycle.samples();
        if (name == null) {
            return null;
        }
        if (!sha256().containsKey(name)) {
            throw new RefusedModelException("manifest.json: sha256 has no entry for " + name);
        }
        return Samples.parse(name, read(inFolder(name)));
    }

    private Map<String, String> sha256() throws RefusedModelException {
        try {
            Map<String, String> hashes = MAPPER.readValue(read(folder.resolve(MANIFEST)), Manifest.class)
                    .sha256();
            return hashes == null ? Map.of() : hashes;
        } catch (JacksonException e) {
            throw new RefusedModelException("manifest.json: " + e.getOriginalMessage(), e);
        }
    }

    private static void requireHash(Map.Entry<String, String> expected, ByteBuffer bytes) throws RefusedModelException {
        String actual = Sha256.hex(bytes);
        if (!actual.equalsIgnoreCase(expected.getValue())) {
            throw new RefusedModelException(
                    "%s: its sha256 is %s, manifest.json says %s; the file is damaged or was changed"
                            .formatted(expected.getKey(), actual, expected.getValue()));
        }
    }

    private Path definitionFile() {
        Path own = folder.resolve(DEFINITION);
        return Files.exists(own) ? own : folder.resolveSibling(DEFINITION);
    }

    private Path inFolder(String name) throws RefusedModelException {
        if (name.contains("/") || name.contains("\\") || name.startsWith(".")) {
            throw new RefusedModelException(
                    "manifest.json: \"%s\" is not the name of a file in the folder".formatted(name));
        }
        return folder.resolve(name);
    }

    private byte[] read(Path file) throws RefusedModelException {
        try (InputStream in = Files.newInputStream(inRepository(file))) {
            byte[] bytes = in.readNBytes(MOST_BYTES_OF_TEXT + 1);
            if (bytes.length > MOST_BYTES_OF_TEXT) {
                throw new RefusedModelException(
                        "%s: has more than %d bytes".formatted(file.getFileName(), MOST_BYTES_OF_TEXT));
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private ByteBuffer read(Path file, Arena arena) throws RefusedModelException {
        try (FileChannel channel = FileChannel.open(inRepository(file))) {
            if (channel.size() == 0 || channel.size() > Integer.MAX_VALUE) {
                throw new RefusedModelException(
                        "%s: has %d bytes; 1 byte to 2 GiB are served".formatted(file.getFileName(), channel.size()));
            }
            ByteBuffer bytes = arena.allocate(channel.size()).asByteBuffer();
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException("it became shorter while it was read");
                }
            }
            return bytes.flip();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The file behind all links, which may lead from place to place in the repository, but not out of it. */
    private Path inRepository(Path file) throws IOException, RefusedModelException {
        Path real = file.toRealPath();
        // By the names and not by the links, which would lead to where they lead.
        Path repository = folder.toAbsolutePath().resolveSibling("..").normalize();
        if (!real.startsWith(repository.toRealPath())) {
            throw new RefusedModelException("%s: leads out of the repository".formatted(file.getFileName()));
        }
        if (!Files.isRegularFile(real)) {
            throw new RefusedModelException("%s: is not a file".formatted(file.getFileName()));
        }
        return real;
    }

    private static RefusedModelException unreadable(Path file, IOException error) {
        return new RefusedModelException(
                error instanceof NoSuchFileException
                        ? "%s: is missing".formatted(file.getFileName())
                        : "%s: cannot be read: %s".formatted(file.getFileName(), error.getMessage()),
                error);
    }
}
