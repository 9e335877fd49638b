package io.millrace.inference.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
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

    private static final int MOST_DIGITS = 20; // of an UINT64
    private static final int MOST_SHOWN = 60;

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
                        case UINT8 -> Byte.toUnsignedInt(data.get());
                        case UINT16 -> Short.toUnsignedInt(data.getShort());
                        case UINT32 -> Integer.toUnsignedLong(data.getInt());
                        case UINT64 -> unsigned(data.getLong());
                        case INT8 -> (int) data.get();
                        case INT16 -> (int) data.getShort();
                        case INT32 -> data.getInt();
                        case INT64 -> data.getLong();
                        case FP16 -> Float.float16ToFloat(data.getShort());
                        case BF16 -> Float.intBitsToFloat(data.getShort() << Short.SIZE);
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
        switch (datatype) {
            case BOOL -> data.put(value instanceof Boolean flag ? (byte) (flag ? 1 : 0) : refuse(datatype, value));
            case UINT8 -> data.put((byte) whole(datatype, value, 0, 0xFF));
            case UINT16 -> data.putShort((short) whole(datatype, value, 0, 0xFFFF));
            case UINT32 -> data.putInt((int) whole(datatype, value, 0, 0xFFFF_FFFFL));
            case UINT64 -> data.putLong(unsigned(datatype, value));
            case INT8 -> data.put((byte) whole(datatype, value, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case INT16 -> data.putShort((short) whole(datatype, value, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT32 -> data.putInt((int) whole(datatype, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT64 -> data.putLong(whole(datatype, value, Long.MIN_VALUE, Long.MAX_VALUE));
            case FP16 -> data.putShort(Float.floatToFloat16(real(datatype, value, 65504)));
            case BF16 -> data.putShort(upperHalf(real(datatype, value, Float.MAX_VALUE)));
            case FP32 -> data.putFloat(real(datatype, value, Float.MAX_VALUE));
            case FP64 -> data.putDouble(number(datatype, value).doubleValue());
            case BYTES -> throw new AssertionError("BYTES has no fixed width");
        }
    }

    private static Number number(Datatype datatype, @Nullable Object value) {
        return value instanceof Number number ? number : refuse(datatype, value);
    }

    /** A finite number that the type cannot hold is refused; infinities and not-a-number are numbers of their own. */
    private static float real(Datatype datatype, @Nullable Object value, float most) {
        Number number = number(datatype, value);
        float real = number.floatValue();
        return Math.abs(real) > most && Double.isFinite(number.doubleValue()) ? refuse(datatype, value) : real;
    }

    /** Rounded to the nearest, ties to even. */
    private static short upperHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        return Float.isNaN(value)
                ? (short) 0x7FC0
                : (short) ((bits + 0x7FFF + ((bits >>> Short.SIZE) & 1)) >>> Short.SIZE);
    }

    private static long whole(Datatype datatype, @Nullable Object value, long least, long most) {
        long whole = switch (number(datatype, value)) {
            case Integer small -> small;
            case Long large -> large;
            case Number other -> {
                BigInteger exact = exact(datatype, other);
                yield exact.bitLength() < Long.SIZE ? exact.longValue() : refuse(datatype, value);
            }
        };
        return least <= whole && whole <= most ? whole : refuse(datatype, value);
    }

    private static long unsigned(Datatype datatype, @Nullable Object value) {
        BigInteger whole = exact(datatype, number(datatype, value));
        return whole.signum() >= 0 && whole.bitLength() <= Long.SIZE ? whole.longValue() : refuse(datatype, value);
    }

    private static Number unsigned(long bits) {
        return bits >= 0 ? (Number) bits : new BigInteger(Long.toUnsignedString(bits));
    }

    private static BigInteger exact(Datatype datatype, Number value) {
        try {
            var decimal = new BigDecimal(value.toString());
            // Looked at first: the digits of 1e999999999 would fill the memory.
            return decimal.precision() - (long) decimal.scale() > MOST_DIGITS
                    ? refuse(datatype, value)
                    : decimal.toBigIntegerExact();
        } catch (ArithmeticException | NumberFormatException _) {
            return refuse(datatype, value);
        }
    }

    private static <T> T refuse(Datatype datatype, @Nullable Object value) {
        String shown = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
        throw new IllegalArgumentException((shown.length() > MOST_SHOWN ? shown.substring(0, MOST_SHOWN) + "…" : shown)
                + " is not a value of " + datatype);
    }
}
