package io.millrace.feature.feast;

import static java.nio.charset.StandardCharsets.UTF_8;

import feast.proto.types.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Writes entity keys as Feast's Redis online store does, so rows materialized by Feast are found by their key.
 *
 * <p>All integers are little-endian, lengths are in bytes of UTF-8, join keys are sorted by their bytes, and the project
 * name closes the key:
 *
 * <pre>
 *   int32 n                                        number of join keys
 *   n times: int32 STRING=2  int32 length          join key name
 *   n times: int32 type      int32 length          value: bytes, UTF-8, or 4 or 8 bytes
 *   project name
 * </pre>
 *
 * <p>Source: {@code serialize_entity_key} version 3 and {@code _redis_key} in the Feast SDK, which writes the store.
 * {@code GoldenFeastTest} holds keys written by Feast itself; they decide, not this comment.
 */
public final class EntityKeyCodec {

    private static final int STRING = 2; // feast.types.ValueType.Enum

    private final byte[] joinKeys;
    private final int[] order;
    private final byte[] project;

    /**
     * A codec for the entities with these join keys.
     *
     * @param project Feast's project; Millrace's is {@code <tenant>_<project>}
     */
    public EntityKeyCodec(String project, String... joinKeys) {
        byte[][] names =
                Arrays.stream(joinKeys).map(name -> name.getBytes(UTF_8)).toArray(byte[][]::new);
        this.order = IntStream.range(0, names.length)
                .boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(names[a], names[b])) // String#compareTo would sort by UTF-16
                .mapToInt(Integer::intValue)
                .toArray();
        ByteBuffer head = littleEndian(Integer.BYTES
                + Arrays.stream(names)
                        .mapToInt(name -> 2 * Integer.BYTES + name.length)
                        .sum());
        head.putInt(names.length);
        for (int i : order) {
            head.putInt(STRING).putInt(names[i].length).put(names[i]);
        }
        this.joinKeys = head.array();
        this.project = project.getBytes(UTF_8);
    }

    /**
     * The key of one entity.
     *
     * @param values one for each join key, in the constructor's order
     * @throws IllegalArgumentException if a value has a type that Feast has no key for
     */
    public byte[] encode(Value... values) {
        if (values.length != order.length) {
            throw new IllegalArgumentException(order.length + " join keys need as many values, not " + values.length);
        }
        byte[][] encoded = new byte[values.length][];
        int size = joinKeys.length + project.length;
        for (int i = 0; i < values.length; i++) {
            encoded[i] = bytes(values[order[i]]);
            size += 2 * Integer.BYTES + encoded[i].length;
        }
        ByteBuffer key = littleEndian(size).put(joinKeys);
        for (int i = 0; i < values.length; i++) {
            key.putInt(values[order[i]].getValCase().getNumber())
                    .putInt(encoded[i].length)
                    .put(encoded[i]);
        }
        return key.put(project).array();
    }

    private static byte[] bytes(Value value) {
        return switch (value.getValCase()) {
            case BYTES_VAL -> value.getBytesVal().toByteArray();
            case STRING_VAL -> value.getStringVal().getBytes(UTF_8);
            case INT32_VAL ->
                littleEndian(Integer.BYTES).putInt(value.getInt32Val()).array();
            case INT64_VAL ->
                littleEndian(Long.BYTES).putLong(value.getInt64Val()).array();
            case UNIX_TIMESTAMP_VAL ->
                littleEndian(Long.BYTES).putLong(value.getUnixTimestampVal()).array();
            default -> throw new IllegalArgumentException("an entity cannot have a value of " + value.getValCase());
        };
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
