package io.millrace.gateway.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one key that opens the gateway, read from a file and looked for again from time to time.
 *
 * <p>Only the key's SHA-256 is kept, and compared in constant time. Without a readable file nobody gets in. Safe for use
 * by many threads.
 */
final class KeyFile {

    private static final Logger log = LoggerFactory.getLogger(KeyFile.class);

    private final Path file;
    private final long reloadNanos;
    private volatile Loaded loaded;

    private record Loaded(byte @Nullable [] hash, long atNanos) {}

    KeyFile(Path file, Duration reload, long nowNanos) {
        this.file = file;
        this.reloadNanos = reload.toNanos();
        this.loaded = load(nowNanos);
    }

    /** Whether this is the key, at this reading of {@link System#nanoTime()}. */
    boolean opens(String key, long nowNanos) {
        if (nowNanos - loaded.atNanos >= reloadNanos) {
            loaded = load(nowNanos);
        }
        byte[] hash = loaded.hash;
        return hash != null && MessageDigest.isEqual(hash, sha256(key.getBytes(UTF_8)));
    }

    private Loaded load(long nowNanos) {
        try {
            String key = Files.readString(file).strip();
            return new Loaded(key.isEmpty() ? null : sha256(key.getBytes(UTF_8)), nowNanos);
        } catch (IOException e) {
            log.atWarn().addKeyValue("file", file).log("no API key: every request is refused");
            return new Loaded(null, nowNanos);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
