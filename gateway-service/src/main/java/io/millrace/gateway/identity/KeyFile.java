package io.millrace.gateway.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * The one key that opens the gateway, in a file that may change.
 *
 * <p>Only the key's SHA-256 is kept, and compared in constant time. Without a file nobody gets in; an empty one is taken
 * for one that is being written, and the key before goes on. Safe for use by many threads.
 */
final class KeyFile {

    private static final Logger log = LoggerFactory.getLogger(KeyFile.class);

    private final Path file;
    private volatile byte @Nullable [] hash;
    private boolean told;

    KeyFile(Path file) {
        this.file = file;
        reload();
    }

    /** Whether this is the key. */
    boolean opens(String key) {
        byte[] wanted = hash;
        return wanted != null && MessageDigest.isEqual(wanted, sha256(key.getBytes(UTF_8)));
    }

    /** Looks at the file, off the threads that answer requests. */
    @Scheduled(fixedDelayString = "${millrace.gateway.identity.reload:1s}")
    synchronized void reload() {
        try {
            String key = Files.readString(file).strip();
            told = false;
            hash = key.isEmpty() ? hash : sha256(key.getBytes(UTF_8));
        } catch (IOException e) {
            if (!told) {
                log.atWarn().addKeyValue("file", file).log("no API key: every request is refused");
            }
            told = true;
            hash = null;
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
