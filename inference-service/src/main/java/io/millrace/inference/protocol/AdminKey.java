package io.millrace.inference.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Knows the callers who may load and unload models by a key, of which only the hash is kept. */
final class AdminKey {

    static final String HEADER = "Millrace-Admin-Key";

    private final byte @Nullable [] hash;

    /** @param sha256 in hexadecimal digits; none or an empty one lets nobody pass */
    AdminKey(@Nullable String sha256) {
        this.hash = sha256 == null || sha256.isEmpty() ? null : HexFormat.of().parseHex(sha256);
    }

    /**
     * Why the caller may not, or {@code null} if it may.
     *
     * @param shown the key, if the caller showed one
     */
    @Nullable
    String refusal(@Nullable String shown) {
        if (hash == null) {
            return "loading and unloading is off; set millrace.inference.admin.key-sha256 to allow it";
        }
        return shown != null && MessageDigest.isEqual(hash, sha256(shown))
                ? null
                : "loading and unloading needs the admin key in the header " + HEADER;
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
