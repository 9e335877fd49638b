package io.millrace.inference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes versions into a model repository as a trainer does: all files first, then the name. */
public record TestModels(Path root) {

    public static final String DENSE_YAML = """
            platform: onnx_onnxv1
            max_batch_size: 8
            inputs:
              - {name: x, datatype: FP32, columns: [{from: customer.a, default: 1}, {from: customer.b, default: 0.5}]}
            outputs: [{name: y, datatype: FP32}]
            """;

    public static final String EMBEDDING_YAML = """
            platform: onnx_onnxv1
            max_batch_size: 8
            embedding_space: shop
            inputs:
              - {name: ids, datatype: BYTES, width: 2, from: customer.recent_items, padding: ""}
            outputs: [{name: mean, datatype: FP32}, {name: numbers, datatype: INT64}, {name: echo, datatype: BYTES}]
            """;

    public void write(String model, int version, String yaml, byte[] onnx) {
        write(model, version, yaml, onnx, sha256(onnx));
    }

    public void write(String model, int version, String yaml, byte[] onnx, String sha256) {
        try {
            Path folder = root.resolve(model).resolve(version + ".tmp");
            Files.createDirectories(folder);
            Files.write(folder.resolve("model.onnx"), onnx);
            Files.writeString(folder.resolve("model.yaml"), yaml);
            Files.writeString(folder.resolve("manifest.json"), """
                    {"sha256": {"model.onnx": "%s"}, "created": "2026-01-01T00:00:00Z"}""".formatted(sha256));
            Files.move(folder, folder.resolveSibling(Integer.toString(version)), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
