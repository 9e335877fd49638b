package io.millrace.inference.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes plain values in the raw form of {@link Tensor}, and reads them back: {@link Boolean} for BOOL, {@link String} for
 * BYTES, and numbers.
 */
public final class RawValues {

    private RawValues() {}

    /** @throws IllegalArgumentException if a value is not of the datatype; the message names it */
    public static ByteBuffer encode(Datatype datatype, List<? extends @Nullable Object> values) {
        if (datatype == Datatype.BYTES) {
            return encodeBytes(values.stream()
                    .map(value -> value instanceof String text ? text.getBytes(UTF_8) : refuse(datatype, value))
                    .toList());
        }
        ByteBuffer data = ByteBuffer.allocate(Math.multiplyExact(values.size(), datatype.width()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (Object value : values) {
            put(data, datatype, value);
        }
        return data.flip();
    }

    /** Puts the length before each element. */
    public static ByteBuffer encodeBytes(List<byte[]> elements) {
        int size = elements.stream()
                .mapToInt(element -> Integer.BYTES + element.length)
                .reduce(0, Math::addExact);
        ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elements.forEach(element -> data.putInt(element.length).put(element));
        return data.flip();
    }

    public static List<Object> decode(Tensor tensor) {
        ByteBuffer data = tensor.data();
        List<Object> values = new ArrayList<>();
        while (data.hasRemaining()) {
            values.add(
                    switch (tensor.datatype()) {
                        case BOOL -> data.get() != 0;
                        case INT32 -> data.getInt();
                        case INT64 -> data.getLong();
                        case FP32 -> data.getFloat();
                        case FP64 -> data.getDouble();
                        case BYTES -> new String(nextElement(data), UTF_8);
                    });
        }
        return values;
    }

    /** The next element of BYTES data. */
    public static byte[] nextElement(ByteBuffer data) {
        byte[] element = new byte[data.getInt()];
        data.get(element);
        return element;
    }

    /** How many BYTES elements there are, or -1 if the lengths do not lead to the end. */
    static int countBytesElements(ByteBuffer data) {
        ByteBuffer rest = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int count = 0;
        while (rest.hasRemaining()) {
            int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                return -1;
            }
            rest.position(rest.position() + length);
            count++;
        }
        return count;
    }

    private static void put(ByteBuffer data, Datatype datatype, @Nullable Object value) {
        try {
            switch (datatype) {
                case BOOL -> data.put(value instanceof Boolean flag ? (byte) (flag ? 1 : 0) : refuse(datatype, value));
                case INT32 -> data.putInt(exact(datatype, value).intValueExact());
                case INT64 -> data.putLong(exact(datatype, value).longValueExact());
                case FP32 -> data.putFloat(number(datatype, value).floatValue());
                case FP64 -> data.putDouble(number(datatype, value).doubleValue());
                case BYTES -> throw new AssertionError("BYTES has no fixed width");
            }
        } catch (ArithmeticException _) {
            refuse(datatype, value);
        }
    }

    private static Number number(Datatype datatype, @Nullable Object value) {
        return value instanceof Number number ? number : refuse(datatype, value);
    }

    private static BigDecimal exact(Datatype datatype, @Nullable Object value) {
        return new BigDecimal(number(datatype, value).toString());
    }

    private static <T> T refuse(Datatype datatype, @Nullable Object value) {
        throw new IllegalArgumentException(
                (value instanceof String ? "\"" + value + "\"" : value) + " is not a value of " + datatype);
    }
}
