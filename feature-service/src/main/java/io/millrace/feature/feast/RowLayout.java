package io.millrace.feature.feast;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import java.time.Instant;

/**
 * The fields of an entity's Redis hash: one per feature, named by a hash of 32 bits, and one per view with the time of its
 * row. All views of an entity share one hash.
 *
 * <p>Source: {@code _mmh3} and {@code online_write_batch} of Feast's Redis online store.
 */
public final class RowLayout {

    private RowLayout() {}

    /** The field of a feature: MurmurHash3 of {@code view:feature}, seed 0, little-endian. */
    public static byte[] featureField(String view, String feature) {
        return Hashing.murmur3_32_fixed()
                .hashString(view + ":" + feature, UTF_8)
                .asBytes();
    }

    /** The field with the time of a view's row. */
    public static byte[] timestampField(String view) {
        return ("_ts:" + view).getBytes(UTF_8);
    }

    /** The field with the hash of the definition that a view's row was made by; ours, and nothing to Feast. */
    public static byte[] definitionField(String view) {
        return ("_def:" + view).getBytes(UTF_8);
    }

    /** A row's time as the store has it, a {@code google.protobuf.Timestamp}; 1970 itself is no bytes at all. */
    public static byte[] timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build()
                .toByteArray();
    }

    /**
     * The time in a timestamp field.
     *
     * @throws InvalidProtocolBufferException if the bytes are no timestamp
     */
    public static Instant time(byte[] timestamp) throws InvalidProtocolBufferException {
        Timestamp parsed = Timestamp.parseFrom(timestamp);
        return Instant.ofEpochSecond(parsed.getSeconds(), parsed.getNanos());
    }
}
